{#
    The event that reported an order first, and its session. Tags send the order's id, or the number
    printed on it.
#}
{{ config(materialized='table') }}

with purchases as (
    select * from {{ ref('int_web_purchases_deduplicated') }}
    where not is_duplicate_purchase
),

sessionized as (
    select * from {{ ref('int_web_events_sessionized') }}
    where is_primary_source
),

orders as (
    select * from {{ ref('int_orders_identified') }}
),

matches as (
    select
        orders.order_key,
        orders.customer_key,
        purchases.web_event_key,
        purchases.occurred_at,
        1 as precedence
    from purchases
    inner join orders
        on
            purchases.store_key = orders.store_key
            and purchases.order_id = orders.order_id
    union all
    select
        orders.order_key,
        orders.customer_key,
        purchases.web_event_key,
        purchases.occurred_at,
        2 as precedence
    from purchases
    inner join orders
        on
            purchases.store_key = orders.store_key
            and purchases.order_id = orders.order_number
),

by_event as (
    select
        matches.*,
        sessionized.session_key,
        row_number() over (
            partition by matches.web_event_key
            order by matches.precedence asc, matches.order_key asc
        ) as event_rank
    from matches
    inner join sessionized
        on matches.web_event_key = sessionized.web_event_key
),

by_order as (
    select
        by_event.*,
        row_number() over (
            partition by by_event.order_key
            order by by_event.precedence asc, by_event.occurred_at asc, by_event.web_event_key asc
        ) as order_rank
    from by_event
    where by_event.event_rank = 1
)

select
    order_key,
    web_event_key,
    session_key,
    customer_key
from by_order
where order_rank = 1
