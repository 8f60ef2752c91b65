-- What tells that a person is interested, by day. Opens and clicks count once a message.
{{ config(materialized='table') }}

with sessions as (
    select * from {{ ref('fct_sessions') }}
    where customer_key is not null
),

web_events as (
    select * from {{ ref('fct_web_events') }}
    where event_name = 'add_to_cart' and session_key is not null
),

email_events as (
    select * from {{ ref('int_email_events_attached') }}
    where
        event_type in ('opened', 'clicked')
        and not is_machine
        and channel = 'email'
        and email_message_key is not null
        and customer_key is not null
),

orders as (
    select * from {{ ref('fct_orders') }}
    where counts_as_purchase and customer_key is not null and order_date is not null
),

reactions as (
    select
        customer_key,
        event_type,
        min(event_date) as event_date
    from email_events
    group by customer_key, email_message_key, event_type
),

signals as (
    select
        customer_key,
        'session' as kind,
        1 as signal_count,
        session_date as signal_date
    from sessions
    union all
    select
        customer_key,
        'item_view' as kind,
        product_view_count as signal_count,
        session_date as signal_date
    from sessions
    where product_view_count > 0
    union all
    select
        sessions.customer_key,
        'add_to_cart' as kind,
        1 as signal_count,
        web_events.event_date as signal_date
    from web_events
    inner join sessions on web_events.session_key = sessions.session_key
    union all
    select
        customer_key,
        case event_type when 'opened' then 'open' else 'click' end as kind,
        1 as signal_count,
        event_date as signal_date
    from reactions
    union all
    select
        customer_key,
        'purchase' as kind,
        1 as signal_count,
        order_date as signal_date
    from orders
)

select
    {{ surrogate_key(['customer_key', 'signal_date']) }} as customer_signal_key,
    customer_key,
    {%- for signal in ['session', 'item_view', 'add_to_cart', 'open', 'click', 'purchase'] %}
        cast(
            sum(case when kind = '{{ signal }}' then signal_count else 0 end) as bigint
        ) as {{ signal }}_count,
    {%- endfor %}
    signal_date
from signals
group by customer_key, signal_date
