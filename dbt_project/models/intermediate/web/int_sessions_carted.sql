{{ config(materialized='table') }}

with web_event_items as (
    select * from {{ ref('fct_web_event_items') }}
    where session_key is not null
),

touches as (
    select
        session_key,
        event_name,
        coalesce(product_key, product_id, sku) as item
    from web_event_items
    where event_name in ('view_item', 'add_to_cart')
)

select distinct carted.session_key
from touches as carted
inner join touches as viewed
    on
        carted.session_key = viewed.session_key
        and carted.item = viewed.item
where carted.event_name = 'add_to_cart' and viewed.event_name = 'view_item'
