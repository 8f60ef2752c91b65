{# Written by `make segments` from segments/*.yml: change those. #}
{% macro segment_memberships() -%}
with bounds as (
    select
        as_of_date,
        cast({{ dbt.dateadd('day', -(var('segment_history_days') | int), 'as_of_date') }} as date)
            as first_date
    from {{ ref('int_as_of') }}
),

customers as (
    select
        customer_key,
        coalesce(cast(first_seen_at as date), cast('1900-01-01' as date)) as start_day
    from {{ ref('dim_customers') }}
    where not is_deleted
),

checkouts_told as (
    select
        fact.customer_key,
        fact.checkout_date as start_day,
        sum(case when ((coalesce(fact.is_recovered = false, false))) then 1 else 0 end) as m1,
        sum(case when ((coalesce(fact.is_recovered = false, false)) and (coalesce(fact.total_amount >= 100, false))) then 1 else 0 end) as m2
    from {{ ref('fct_abandoned_checkouts') }} as fact
    cross join bounds
    where fact.customer_key is not null
        and fact.checkout_date <= bounds.as_of_date
        and (fact.is_abandoned)
    group by fact.customer_key, fact.checkout_date
),

orders_told as (
    select
        fact.customer_key,
        fact.order_date as start_day,
        sum(1) as m1,
        sum(coalesce(fact.net_amount, 0)) as m2
    from {{ ref('fct_orders') }} as fact
    cross join bounds
    where fact.customer_key is not null
        and fact.order_date <= bounds.as_of_date
        and (fact.counts_as_purchase)
    group by fact.customer_key, fact.order_date
),

customer_told as (
    select
        fact.customer_key,
        coalesce(bounds.first_date, bounds.first_date) as start_day,
        cast(null as date) as end_day,
        case when coalesce(fact.accepts_email_marketing = true, false) then 1 else 0 end as m1
    from {{ ref('dim_customers') }} as fact
    cross join bounds
    where fact.customer_key is not null
),

rfm_told as (
    select
        fact.customer_key,
        coalesce(cast(fact.snapshot_date as date), bounds.first_date) as start_day,
        lead(fact.snapshot_date) over (partition by fact.customer_key order by fact.snapshot_date) as end_day,
        case when coalesce(fact.segment_name = 'Champions', false) then 1 else 0 end as m1,
        case when coalesce(fact.segment_name in ('At Risk', 'Cannot Lose', 'Hibernating'), false) then 1 else 0 end as m2
    from {{ ref('fct_customer_rfm_history') }} as fact
    cross join bounds
    where fact.customer_key is not null
),

email_events_told as (
    select
        fact.customer_key,
        fact.event_date as start_day,
        sum(case when ((coalesce(fact.event_type in ('opened', 'clicked'), false))) then 1 else 0 end) as m1,
        sum(case when ((coalesce(fact.event_type = 'clicked', false))) then 1 else 0 end) as m2
    from {{ ref('fct_email_events') }} as fact
    cross join bounds
    where fact.customer_key is not null
        and fact.event_date <= bounds.as_of_date
        and (not coalesce(fact.is_machine, false))
    group by fact.customer_key, fact.event_date
),

tickets_told as (
    select
        fact.customer_key,
        fact.created_date as start_day,
        sum(1) as m1
    from {{ ref('fct_support_tickets') }} as fact
    cross join bounds
    where fact.customer_key is not null
        and fact.created_date <= bounds.as_of_date
        and (not coalesce(fact.is_spam, false))
    group by fact.customer_key, fact.created_date
),

sessions_told as (
    select
        fact.customer_key,
        fact.session_date as start_day,
        sum(1) as m1
    from {{ ref('fct_sessions') }} as fact
    cross join bounds
    where fact.customer_key is not null
        and fact.session_date <= bounds.as_of_date
    group by fact.customer_key, fact.session_date
),

loyalty_told as (
    select
        fact.customer_key,
        coalesce(cast(fact.valid_from as date), bounds.first_date) as start_day,
        cast(fact.valid_to as date) as end_day,
        case when coalesce(fact.tier = 'vip', false) then 1 else 0 end as m1
    from {{ ref('dim_loyalty_members_history') }} as fact
    cross join bounds
    where fact.customer_key is not null
),

email_signups_told as (
    select
        fact.customer_key,
        fact.signup_date as start_day,
        sum(1) as m1
    from {{ ref('fct_email_signups') }} as fact
    cross join bounds
    where fact.customer_key is not null
        and fact.signup_date <= bounds.as_of_date
    group by fact.customer_key, fact.signup_date
),

changes as (
    select
        customers.customer_key,
        case when start_day < bounds.first_date then bounds.first_date else start_day end as change_day,
        sum(1) as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from customers
    cross join bounds
    where start_day <= bounds.as_of_date
    group by customers.customer_key, case when start_day < bounds.first_date then bounds.first_date else start_day end
    union all
    select
        checkouts_told.customer_key,
        case when start_day < bounds.first_date then bounds.first_date else start_day end as change_day,
        0 as is_known,
        sum(m1) as a1,
        0 as a2,
        0 as a3,
        sum(m2) as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from checkouts_told
    cross join bounds
    where start_day <= bounds.as_of_date
    group by checkouts_told.customer_key, case when start_day < bounds.first_date then bounds.first_date else start_day end
    union all
    select
        checkouts_told.customer_key,
        case when cast({{ dbt.dateadd('day', 3, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 3, 'start_day') }} as date) end as change_day,
        0 as is_known,
        sum(-m1) as a1,
        0 as a2,
        0 as a3,
        sum(-m2) as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from checkouts_told
    cross join bounds
    where cast({{ dbt.dateadd('day', 3, 'start_day') }} as date) <= bounds.as_of_date
    group by checkouts_told.customer_key, case when cast({{ dbt.dateadd('day', 3, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 3, 'start_day') }} as date) end
    union all
    select
        orders_told.customer_key,
        case when start_day < bounds.first_date then bounds.first_date else start_day end as change_day,
        0 as is_known,
        0 as a1,
        sum(m1) as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        sum(m1) as a8,
        sum(m1) as a9,
        0 as a10,
        0 as a11,
        sum(m1) as a12,
        sum(m2) as a13,
        0 as a14,
        0 as a15,
        sum(m1) as a16,
        sum(m1) as a17,
        sum(m1) as a18,
        0 as a19
    from orders_told
    cross join bounds
    where start_day <= bounds.as_of_date
    group by orders_told.customer_key, case when start_day < bounds.first_date then bounds.first_date else start_day end
    union all
    select
        orders_told.customer_key,
        case when cast({{ dbt.dateadd('day', 3, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 3, 'start_day') }} as date) end as change_day,
        0 as is_known,
        0 as a1,
        sum(-m1) as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from orders_told
    cross join bounds
    where cast({{ dbt.dateadd('day', 3, 'start_day') }} as date) <= bounds.as_of_date
    group by orders_told.customer_key, case when cast({{ dbt.dateadd('day', 3, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 3, 'start_day') }} as date) end
    union all
    select
        orders_told.customer_key,
        case when cast({{ dbt.dateadd('day', 30, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 30, 'start_day') }} as date) end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        sum(-m1) as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from orders_told
    cross join bounds
    where cast({{ dbt.dateadd('day', 30, 'start_day') }} as date) <= bounds.as_of_date
    group by orders_told.customer_key, case when cast({{ dbt.dateadd('day', 30, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 30, 'start_day') }} as date) end
    union all
    select
        orders_told.customer_key,
        case when cast({{ dbt.dateadd('day', 365, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 365, 'start_day') }} as date) end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        sum(-m1) as a12,
        sum(-m2) as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from orders_told
    cross join bounds
    where cast({{ dbt.dateadd('day', 365, 'start_day') }} as date) <= bounds.as_of_date
    group by orders_told.customer_key, case when cast({{ dbt.dateadd('day', 365, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 365, 'start_day') }} as date) end
    union all
    select
        orders_told.customer_key,
        case when cast({{ dbt.dateadd('day', 90, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 90, 'start_day') }} as date) end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        sum(-m1) as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from orders_told
    cross join bounds
    where cast({{ dbt.dateadd('day', 90, 'start_day') }} as date) <= bounds.as_of_date
    group by orders_told.customer_key, case when cast({{ dbt.dateadd('day', 90, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 90, 'start_day') }} as date) end
    union all
    select
        orders_told.customer_key,
        case when cast({{ dbt.dateadd('day', 91, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 91, 'start_day') }} as date) end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        sum(-m1) as a17,
        0 as a18,
        0 as a19
    from orders_told
    cross join bounds
    where cast({{ dbt.dateadd('day', 91, 'start_day') }} as date) <= bounds.as_of_date
    group by orders_told.customer_key, case when cast({{ dbt.dateadd('day', 91, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 91, 'start_day') }} as date) end
    union all
    select
        orders_told.customer_key,
        case when cast({{ dbt.dateadd('day', 366, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 366, 'start_day') }} as date) end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        sum(-m1) as a18,
        0 as a19
    from orders_told
    cross join bounds
    where cast({{ dbt.dateadd('day', 366, 'start_day') }} as date) <= bounds.as_of_date
    group by orders_told.customer_key, case when cast({{ dbt.dateadd('day', 366, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 366, 'start_day') }} as date) end
    union all
    select
        customer_told.customer_key,
        case when start_day < bounds.first_date then bounds.first_date else start_day end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        sum(m1) as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from customer_told
    cross join bounds
    where start_day <= bounds.as_of_date
    group by customer_told.customer_key, case when start_day < bounds.first_date then bounds.first_date else start_day end
    union all
    select
        customer_told.customer_key,
        case when end_day < bounds.first_date then bounds.first_date else end_day end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        sum(-m1) as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from customer_told
    cross join bounds
    where end_day <= bounds.as_of_date
    group by customer_told.customer_key, case when end_day < bounds.first_date then bounds.first_date else end_day end
    union all
    select
        rfm_told.customer_key,
        case when start_day < bounds.first_date then bounds.first_date else start_day end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        sum(m1) as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        sum(m2) as a19
    from rfm_told
    cross join bounds
    where start_day <= bounds.as_of_date
    group by rfm_told.customer_key, case when start_day < bounds.first_date then bounds.first_date else start_day end
    union all
    select
        rfm_told.customer_key,
        case when end_day < bounds.first_date then bounds.first_date else end_day end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        sum(-m1) as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        sum(-m2) as a19
    from rfm_told
    cross join bounds
    where end_day <= bounds.as_of_date
    group by rfm_told.customer_key, case when end_day < bounds.first_date then bounds.first_date else end_day end
    union all
    select
        email_events_told.customer_key,
        case when start_day < bounds.first_date then bounds.first_date else start_day end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        sum(m1) as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        sum(m2) as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from email_events_told
    cross join bounds
    where start_day <= bounds.as_of_date
    group by email_events_told.customer_key, case when start_day < bounds.first_date then bounds.first_date else start_day end
    union all
    select
        email_events_told.customer_key,
        case when cast({{ dbt.dateadd('day', 60, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 60, 'start_day') }} as date) end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        sum(-m1) as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from email_events_told
    cross join bounds
    where cast({{ dbt.dateadd('day', 60, 'start_day') }} as date) <= bounds.as_of_date
    group by email_events_told.customer_key, case when cast({{ dbt.dateadd('day', 60, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 60, 'start_day') }} as date) end
    union all
    select
        email_events_told.customer_key,
        case when cast({{ dbt.dateadd('day', 30, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 30, 'start_day') }} as date) end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        sum(-m2) as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from email_events_told
    cross join bounds
    where cast({{ dbt.dateadd('day', 30, 'start_day') }} as date) <= bounds.as_of_date
    group by email_events_told.customer_key, case when cast({{ dbt.dateadd('day', 30, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 30, 'start_day') }} as date) end
    union all
    select
        tickets_told.customer_key,
        case when start_day < bounds.first_date then bounds.first_date else start_day end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        sum(m1) as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from tickets_told
    cross join bounds
    where start_day <= bounds.as_of_date
    group by tickets_told.customer_key, case when start_day < bounds.first_date then bounds.first_date else start_day end
    union all
    select
        tickets_told.customer_key,
        case when cast({{ dbt.dateadd('day', 60, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 60, 'start_day') }} as date) end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        sum(-m1) as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from tickets_told
    cross join bounds
    where cast({{ dbt.dateadd('day', 60, 'start_day') }} as date) <= bounds.as_of_date
    group by tickets_told.customer_key, case when cast({{ dbt.dateadd('day', 60, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 60, 'start_day') }} as date) end
    union all
    select
        sessions_told.customer_key,
        case when start_day < bounds.first_date then bounds.first_date else start_day end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        sum(m1) as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from sessions_told
    cross join bounds
    where start_day <= bounds.as_of_date
    group by sessions_told.customer_key, case when start_day < bounds.first_date then bounds.first_date else start_day end
    union all
    select
        sessions_told.customer_key,
        case when cast({{ dbt.dateadd('day', 30, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 30, 'start_day') }} as date) end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        sum(-m1) as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from sessions_told
    cross join bounds
    where cast({{ dbt.dateadd('day', 30, 'start_day') }} as date) <= bounds.as_of_date
    group by sessions_told.customer_key, case when cast({{ dbt.dateadd('day', 30, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 30, 'start_day') }} as date) end
    union all
    select
        loyalty_told.customer_key,
        case when start_day < bounds.first_date then bounds.first_date else start_day end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        sum(m1) as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from loyalty_told
    cross join bounds
    where start_day <= bounds.as_of_date
    group by loyalty_told.customer_key, case when start_day < bounds.first_date then bounds.first_date else start_day end
    union all
    select
        loyalty_told.customer_key,
        case when end_day < bounds.first_date then bounds.first_date else end_day end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        sum(-m1) as a14,
        0 as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from loyalty_told
    cross join bounds
    where end_day <= bounds.as_of_date
    group by loyalty_told.customer_key, case when end_day < bounds.first_date then bounds.first_date else end_day end
    union all
    select
        email_signups_told.customer_key,
        case when start_day < bounds.first_date then bounds.first_date else start_day end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        sum(m1) as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from email_signups_told
    cross join bounds
    where start_day <= bounds.as_of_date
    group by email_signups_told.customer_key, case when start_day < bounds.first_date then bounds.first_date else start_day end
    union all
    select
        email_signups_told.customer_key,
        case when cast({{ dbt.dateadd('day', 7, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 7, 'start_day') }} as date) end as change_day,
        0 as is_known,
        0 as a1,
        0 as a2,
        0 as a3,
        0 as a4,
        0 as a5,
        0 as a6,
        0 as a7,
        0 as a8,
        0 as a9,
        0 as a10,
        0 as a11,
        0 as a12,
        0 as a13,
        0 as a14,
        sum(-m1) as a15,
        0 as a16,
        0 as a17,
        0 as a18,
        0 as a19
    from email_signups_told
    cross join bounds
    where cast({{ dbt.dateadd('day', 7, 'start_day') }} as date) <= bounds.as_of_date
    group by email_signups_told.customer_key, case when cast({{ dbt.dateadd('day', 7, 'start_day') }} as date) < bounds.first_date then bounds.first_date else cast({{ dbt.dateadd('day', 7, 'start_day') }} as date) end
),

daily as (
    select
        customer_key,
        change_day,
        sum(is_known) as is_known,
        sum(a1) as a1,
        sum(a2) as a2,
        sum(a3) as a3,
        sum(a4) as a4,
        sum(a5) as a5,
        sum(a6) as a6,
        sum(a7) as a7,
        sum(a8) as a8,
        sum(a9) as a9,
        sum(a10) as a10,
        sum(a11) as a11,
        sum(a12) as a12,
        sum(a13) as a13,
        sum(a14) as a14,
        sum(a15) as a15,
        sum(a16) as a16,
        sum(a17) as a17,
        sum(a18) as a18,
        sum(a19) as a19
    from changes
    group by customer_key, change_day
),

running as (
    select
        customer_key,
        change_day,
        sum(is_known) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as is_known,
        sum(a1) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a1,
        sum(a2) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a2,
        sum(a3) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a3,
        sum(a4) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a4,
        sum(a5) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a5,
        sum(a6) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a6,
        sum(a7) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a7,
        sum(a8) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a8,
        sum(a9) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a9,
        sum(a10) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a10,
        sum(a11) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a11,
        sum(a12) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a12,
        sum(a13) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a13,
        sum(a14) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a14,
        sum(a15) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a15,
        sum(a16) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a16,
        sum(a17) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a17,
        sum(a18) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a18,
        sum(a19) over (
            partition by customer_key order by change_day rows between unbounded preceding and current row
        ) as a19
    from daily
),

judged as (
    select
        customer_key,
        change_day,
        is_known > 0 and ((a1 >= 1) and (a2 = 0) and (a3 > 0) and not (((a4 >= 1) and (a2 = 0) and (a3 > 0)))) as in_abandoned_cart,
        is_known > 0 and ((a4 >= 1) and (a2 = 0) and (a3 > 0)) as in_abandoned_cart_high_value,
        is_known > 0 and ((a5 > 0) and (a6 >= 1) and (a7 = 0)) as in_engaged_champions,
        is_known > 0 and ((a8 >= 1) and (a9 = 0) and (a10 = 0) and (a11 = 0) and (a3 > 0)) as in_inactive_30_days,
        is_known > 0 and (not (((a12 >= 10) or (a13 >= 500) or (a14 > 0))) and (((a8 >= 1) and (a9 = 0) and (a10 = 0) and (a11 = 0) and (a3 > 0)))) as in_reengagement,
        is_known > 0 and ((((a12 >= 10) or (a13 >= 500) or (a14 > 0))) and (((a8 >= 1) and (a9 = 0) and (a10 = 0) and (a11 = 0) and (a3 > 0)))) as in_reengagement_vip,
        is_known > 0 and ((a12 >= 10) or (a13 >= 500) or (a14 > 0)) as in_vip,
        is_known > 0 and ((a15 >= 1) and (a8 = 0) and (a3 > 0)) as in_welcome_series,
        is_known > 0 and ((((a8 > 0 and a16 = 0) and a18 > 0)) and ((a19 > 0) or (a8 >= 2)) and (a3 > 0)) as in_win_back
    from running
),

compared as (
    select
        customer_key,
        change_day,
        in_abandoned_cart,
        lag(in_abandoned_cart, 1, false) over (
            partition by customer_key order by change_day
        ) as was_in_abandoned_cart,
        in_abandoned_cart_high_value,
        lag(in_abandoned_cart_high_value, 1, false) over (
            partition by customer_key order by change_day
        ) as was_in_abandoned_cart_high_value,
        in_engaged_champions,
        lag(in_engaged_champions, 1, false) over (
            partition by customer_key order by change_day
        ) as was_in_engaged_champions,
        in_inactive_30_days,
        lag(in_inactive_30_days, 1, false) over (
            partition by customer_key order by change_day
        ) as was_in_inactive_30_days,
        in_reengagement,
        lag(in_reengagement, 1, false) over (
            partition by customer_key order by change_day
        ) as was_in_reengagement,
        in_reengagement_vip,
        lag(in_reengagement_vip, 1, false) over (
            partition by customer_key order by change_day
        ) as was_in_reengagement_vip,
        in_vip,
        lag(in_vip, 1, false) over (
            partition by customer_key order by change_day
        ) as was_in_vip,
        in_welcome_series,
        lag(in_welcome_series, 1, false) over (
            partition by customer_key order by change_day
        ) as was_in_welcome_series,
        in_win_back,
        lag(in_win_back, 1, false) over (
            partition by customer_key order by change_day
        ) as was_in_win_back
    from judged
),

boundaries as (
    select
        'abandoned_cart' as segment_key,
        customer_key,
        change_day,
        in_abandoned_cart as is_in
    from compared
    where in_abandoned_cart <> was_in_abandoned_cart
    union all
    select
        'abandoned_cart_high_value' as segment_key,
        customer_key,
        change_day,
        in_abandoned_cart_high_value as is_in
    from compared
    where in_abandoned_cart_high_value <> was_in_abandoned_cart_high_value
    union all
    select
        'engaged_champions' as segment_key,
        customer_key,
        change_day,
        in_engaged_champions as is_in
    from compared
    where in_engaged_champions <> was_in_engaged_champions
    union all
    select
        'inactive_30_days' as segment_key,
        customer_key,
        change_day,
        in_inactive_30_days as is_in
    from compared
    where in_inactive_30_days <> was_in_inactive_30_days
    union all
    select
        'reengagement' as segment_key,
        customer_key,
        change_day,
        in_reengagement as is_in
    from compared
    where in_reengagement <> was_in_reengagement
    union all
    select
        'reengagement_vip' as segment_key,
        customer_key,
        change_day,
        in_reengagement_vip as is_in
    from compared
    where in_reengagement_vip <> was_in_reengagement_vip
    union all
    select
        'vip' as segment_key,
        customer_key,
        change_day,
        in_vip as is_in
    from compared
    where in_vip <> was_in_vip
    union all
    select
        'welcome_series' as segment_key,
        customer_key,
        change_day,
        in_welcome_series as is_in
    from compared
    where in_welcome_series <> was_in_welcome_series
    union all
    select
        'win_back' as segment_key,
        customer_key,
        change_day,
        in_win_back as is_in
    from compared
    where in_win_back <> was_in_win_back
),

spans as (
    select
        segment_key,
        customer_key,
        is_in,
        change_day as entry_date,
        lead(change_day) over (
            partition by segment_key, customer_key order by change_day
        ) as exit_date
    from boundaries
)

select
    spans.segment_key,
    spans.customer_key,
    spans.exit_date is null as is_member,
    spans.entry_date > bounds.first_date as is_entry_known,
    spans.entry_date,
    spans.exit_date
from spans
cross join bounds
where spans.is_in
{%- endmacro %}
