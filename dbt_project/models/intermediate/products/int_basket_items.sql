{#
    A basket is an order that counts as a purchase, in the last affinity_window_days up to as_of. An
    item is in it once, however many of it: a product, and the category of a product.
#}
with lines as (
    select * from {{ ref('fct_order_lines') }}
    where
        line_type = 'goods'
        and quantity > 0
        and product_key is not null
),

orders as (
    select * from {{ ref('fct_orders') }}
    where
        counts_as_purchase
        and order_date <= {{ as_of() }}
        and order_date > {{ dbt.dateadd('day', -var('affinity_window_days'), as_of()) }}
),

products as (
    select * from {{ ref('dim_products') }}
    where category is not null
),

bought as (
    select distinct
        lines.store_key,
        lines.order_key,
        lines.product_key
    from lines
    inner join orders on lines.order_key = orders.order_key
),

final as (
    select
        store_key,
        order_key,
        'product' as item_level,
        product_key as item_key
    from bought
    union all
    select distinct
        bought.store_key,
        bought.order_key,
        'category' as item_level,
        products.category as item_key
    from bought
    inner join products on bought.product_key = products.product_key
)

select * from final
