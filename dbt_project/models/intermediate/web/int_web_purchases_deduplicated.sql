{{ config(materialized='table') }}

with web_events as (
    select * from {{ ref('int_web_events_prepared') }}
),

-- A purchase is sent again when its thank-you page is opened again, even weeks later.
numbered as (
    select
        web_event_key,
        store_key,
        source_name,
        order_id,
        occurred_at,
        row_number() over (
            partition by store_key, source_name, coalesce(order_id, web_event_key)
            order by occurred_at asc, web_event_key asc
        ) as occurrence
    from web_events
    where event_name = 'purchase' and not is_bot
)

select
    web_event_key,
    store_key,
    source_name,
    order_id,
    occurrence > 1 as is_duplicate_purchase,
    occurred_at
from numbered
