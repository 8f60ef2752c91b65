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

{%- set sums = [
    'is_known',
    'a1',
    'a2',
    'a3',
    'a4',
    'a5',
    'a6',
    'a7',
    'a8',
    'a9',
    'a10',
    'a11',
    'a12',
    'a13',
    'a14',
    'a15',
    'a16',
    'a17',
    'a18',
    'a19',
] -%}
{#- Relation, its day, days after it, and what is added to which sum then. -#}
{%- set turns = [
    ('customers', 'start_day', 0, {'is_known': '1'}),
    ('checkouts_told', 'start_day', 0, {'a1': 'm1', 'a4': 'm2'}),
    ('checkouts_told', 'start_day', 3, {'a1': '-m1', 'a4': '-m2'}),
    ('orders_told', 'start_day', 0, {'a2': 'm1', 'a8': 'm1', 'a9': 'm1', 'a12': 'm1', 'a13': 'm2', 'a16': 'm1', 'a17': 'm1', 'a18': 'm1'}),
    ('orders_told', 'start_day', 3, {'a2': '-m1'}),
    ('orders_told', 'start_day', 30, {'a9': '-m1'}),
    ('orders_told', 'start_day', 365, {'a12': '-m1', 'a13': '-m2'}),
    ('orders_told', 'start_day', 90, {'a16': '-m1'}),
    ('orders_told', 'start_day', 91, {'a17': '-m1'}),
    ('orders_told', 'start_day', 366, {'a18': '-m1'}),
    ('customer_told', 'start_day', 0, {'a3': 'm1'}),
    ('customer_told', 'end_day', 0, {'a3': '-m1'}),
    ('rfm_told', 'start_day', 0, {'a5': 'm1', 'a19': 'm2'}),
    ('rfm_told', 'end_day', 0, {'a5': '-m1', 'a19': '-m2'}),
    ('email_events_told', 'start_day', 0, {'a6': 'm1', 'a11': 'm2'}),
    ('email_events_told', 'start_day', 60, {'a6': '-m1'}),
    ('email_events_told', 'start_day', 30, {'a11': '-m2'}),
    ('tickets_told', 'start_day', 0, {'a7': 'm1'}),
    ('tickets_told', 'start_day', 60, {'a7': '-m1'}),
    ('sessions_told', 'start_day', 0, {'a10': 'm1'}),
    ('sessions_told', 'start_day', 30, {'a10': '-m1'}),
    ('loyalty_told', 'start_day', 0, {'a14': 'm1'}),
    ('loyalty_told', 'end_day', 0, {'a14': '-m1'}),
    ('email_signups_told', 'start_day', 0, {'a15': 'm1'}),
    ('email_signups_told', 'start_day', 7, {'a15': '-m1'}),
] %}
changes as (
    {%- for relation, day, later, terms in turns %}
    {%- set turn = 'cast(' ~ dbt.dateadd('day', later, day) ~ ' as date)' if later else day %}
    {%- set change_day = 'case when ' ~ turn ~ ' < bounds.first_date then bounds.first_date else '
        ~ turn ~ ' end' %}
    select
        {{ relation }}.customer_key,
        {{ change_day }} as change_day
        {%- for name in sums %},
        {{ 'sum(' ~ terms[name] ~ ')' if name in terms else '0' }} as {{ name }}
        {%- endfor %}
    from {{ relation }}
    cross join bounds
    where {{ turn }} <= bounds.as_of_date
    group by {{ relation }}.customer_key, {{ change_day }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

daily as (
    select
        customer_key,
        change_day
        {%- for name in sums %},
        sum({{ name }}) as {{ name }}
        {%- endfor %}
    from changes
    group by customer_key, change_day
),

running as (
    select
        customer_key,
        change_day
        {%- for name in sums %},
        sum({{ name }}) over (
            partition by customer_key order by change_day
            rows between unbounded preceding and current row
        ) as {{ name }}
        {%- endfor %}
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

{%- set segment_keys = [
    'abandoned_cart',
    'abandoned_cart_high_value',
    'engaged_champions',
    'inactive_30_days',
    'reengagement',
    'reengagement_vip',
    'vip',
    'welcome_series',
    'win_back',
] %}
compared as (
    select
        customer_key,
        change_day
        {%- for key in segment_keys %},
        in_{{ key }},
        lag(in_{{ key }}, 1, false) over (
            partition by customer_key order by change_day
        ) as was_in_{{ key }}
        {%- endfor %}
    from judged
),

boundaries as (
    {%- for key in segment_keys %}
    select
        '{{ key }}' as segment_key,
        customer_key,
        change_day,
        in_{{ key }} as is_in
    from compared
    where in_{{ key }} <> was_in_{{ key }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- else %}
    select
        'none' as segment_key,
        customer_key,
        change_day,
        false as is_in
    from compared
    where 1 = 0
    {%- endfor %}
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
