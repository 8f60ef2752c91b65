{#
    What happened between a purchase and the one after it: the worst that a ticket of these days
    tells, and whether the person came back in experience_days. Bad is a score of 1 or 2; late or
    damaged parcels and wrong items are a bad experience without any score too.
#}
with orders as (
    select * from {{ ref('fct_orders') }}
    where counts_as_purchase and customer_key is not null
),

tickets as (
    select * from {{ ref('fct_support_tickets') }}
    where not is_spam and customer_key is not null
),

followed as (
    select
        order_key,
        store_key,
        customer_key,
        purchase_number,
        net_amount,
        order_date,
        placed_at,
        lead(order_key) over (partition by customer_key order by purchase_number)
            as next_order_key,
        lead(net_amount) over (partition by customer_key order by purchase_number)
            as next_net_amount,
        lead(order_date) over (partition by customer_key order by purchase_number)
            as next_order_date,
        lead(placed_at) over (partition by customer_key order by purchase_number)
            as next_placed_at
    from orders
),

judged as (
    select
        customer_key,
        ticket_key,
        created_at,
        created_date,
        case
            when satisfaction_score <= 2 then 3
            when satisfaction_score is null and reason in ('late_parcel', 'damaged', 'wrong_item')
                then 3
            when satisfaction_score = 3 or satisfaction_score is null then 2
            else 1
        end as badness
    from tickets
),

met as (
    select
        followed.order_key,
        count(*) as ticket_count,
        max(judged.badness) as badness
    from followed
    inner join judged
        on
            followed.customer_key = judged.customer_key
            and followed.placed_at <= judged.created_at
            and (followed.next_placed_at is null or followed.next_placed_at > judged.created_at)
            and {{ dbt.dateadd('day', var('experience_days'), 'followed.order_date') }}
            > judged.created_date
    group by followed.order_key
),

final as (
    select
        followed.order_key,
        followed.store_key,
        followed.customer_key,
        followed.next_order_key,
        case
            when met.badness = 3 then 'bad'
            when met.badness = 2 then 'neutral'
            when met.badness = 1 then 'good'
            else 'no ticket'
        end as experience,
        cast(coalesce(met.ticket_count, 0) as bigint) as ticket_count,
        followed.purchase_number,
        followed.net_amount,
        cast(followed.next_net_amount as numeric(18, 4)) as next_net_amount,
        {{ days_between('followed.order_date', 'followed.next_order_date') }}
            as days_to_next_purchase,
        case
            when
                {{ dbt.dateadd('day', var('experience_days'), 'followed.order_date') }}
                > {{ as_of() }}
                then null
            else
                coalesce(
                    followed.next_order_date
                    <= {{ dbt.dateadd('day', var('experience_days'), 'followed.order_date') }},
                    false
                )
        end as is_followed,
        followed.order_date,
        followed.next_order_date
    from followed
    left join met on followed.order_key = met.order_key
)

select * from final
