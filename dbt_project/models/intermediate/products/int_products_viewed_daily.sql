with items as (
    select * from {{ ref('fct_web_event_items') }}
    where session_key is not null and event_name in ('view_item', 'add_to_cart')
),

products as (
    select * from {{ ref('dim_products') }}
),

final as (
    select
        items.store_key,
        items.product_key,
        products.category,
        items.session_key,
        items.event_date,
        count(case when items.event_name = 'view_item' then items.web_event_item_key end)
            as view_count,
        count(case when items.event_name = 'add_to_cart' then items.web_event_item_key end)
            as cart_count
    from items
    left join products on items.product_key = products.product_key
    group by
        items.store_key, items.product_key, products.category, items.session_key, items.event_date
)

select * from final
