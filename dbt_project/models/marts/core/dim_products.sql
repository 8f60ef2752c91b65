-- A product that was sold but that the source does not list (any more) is known by its lines. What
-- a shop does not tell of a product, a catalogue of its store may.
with products as (
    select * from {{ ref('int_products_unioned') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

categories as (
    select * from {{ ref('int_categories_ruled') }}
),

catalogued as (
    select * from {{ ref('int_products_catalogued') }}
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
        catalogued.catalog_product_key,
        products.product_id,
        products.product_name,
        coalesce(products.brand, items.brand) as brand,
        products.product_type,
        coalesce(products.category, items.category) as source_category,
        categories.category,
        categories.subcategory,
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
    left join catalogued on products.product_key = catalogued.product_key
    left join products as items on catalogued.catalog_product_key = items.product_key
    left join categories
        on coalesce(products.category, items.category) = categories.source_category
    union all
    select
        product_key,
        store_key,
        cast(null as varchar) as catalog_product_key,
        product_id,
        product_name,
        cast(null as varchar) as brand,
        cast(null as varchar) as product_type,
        cast(null as varchar) as source_category,
        cast(null as varchar) as category,
        cast(null as varchar) as subcategory,
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
