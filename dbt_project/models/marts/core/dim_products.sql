-- A product that was sold but that the source does not list (any more) is known by its lines.
with products as (
    select * from {{ ref('int_products_unioned') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_unioned') }}
),

refund_lines as (
    select * from {{ ref('int_refund_lines_unioned') }}
),

sold as (
    select
        product_key,
        store_key,
        product_id,
        line_name
    from order_lines
    where product_key is not null
    union all
    select
        product_key,
        store_key,
        product_id,
        cast(null as varchar) as line_name
    from refund_lines
    where product_key is not null
),

unlisted as (
    select
        sold.product_key,
        sold.store_key,
        sold.product_id,
        max(sold.line_name) as product_name
    from sold
    left join products on sold.product_key = products.product_key
    where products.product_key is null
    group by sold.product_key, sold.store_key, sold.product_id
),

final as (
    select
        product_key,
        store_key,
        product_id,
        product_name,
        brand,
        product_type,
        category,
        handle,
        status,
        coalesce(is_gift_card, false) as is_gift_card,
        coalesce(is_deleted, false) as is_deleted,
        true as is_listed,
        created_at,
        updated_at
    from products
    union all
    select
        product_key,
        store_key,
        product_id,
        product_name,
        cast(null as varchar) as brand,
        cast(null as varchar) as product_type,
        cast(null as varchar) as category,
        cast(null as varchar) as handle,
        cast(null as varchar) as status,
        false as is_gift_card,
        false as is_deleted,
        false as is_listed,
        cast(null as timestamp) as created_at,
        cast(null as timestamp) as updated_at
    from unlisted
)

select * from final
