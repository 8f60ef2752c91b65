-- A product that was sold but that the source does not list (any more) is known by its lines.
with products as (
    select * from {{ ref('int_products_unioned') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
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
        products.product_key,
        -- A catalogue's store is the one that sells its products.
        coalesce(accounts.store_key, 'unassigned') as store_key,
        products.product_id,
        products.product_name,
        products.brand,
        products.product_type,
        products.category,
        products.handle,
        products.status,
        coalesce(products.is_gift_card, false) as is_gift_card,
        coalesce(products.is_deleted, false) as is_deleted,
        true as is_listed,
        products.created_at,
        products.updated_at
    from products
    left join accounts
        on
            products.source_name = accounts.source_name
            and products.account_id = accounts.account_id
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
