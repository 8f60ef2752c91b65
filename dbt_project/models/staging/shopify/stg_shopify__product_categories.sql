-- A product has a place in Shopify's taxonomy, a type of the shop's own, and is in collections.
with products as (
    select * from {{ ref('base_shopify__products') }}
    where version_number = 1
),

product_collections as (
    select * from {{ ref('base_shopify__product_collections') }}
),

final as (
    select
        account_id,
        product_id,
        'taxonomy_' || category_id as category_id,
        category_name,
        'taxonomy_' || parent_category_id as parent_category_id,
        category_path,
        _loaded_at
    from products
    where category_id is not null
    union all
    select
        account_id,
        product_id,
        'type_' || lower(product_type) as category_id,
        product_type as category_name,
        cast(null as varchar) as parent_category_id,
        product_type as category_path,
        _loaded_at
    from products
    where product_type is not null
    union all
    select
        account_id,
        product_id,
        'collection_' || collection_id as category_id,
        collection_name as category_name,
        cast(null as varchar) as parent_category_id,
        collection_name as category_path,
        _loaded_at
    from product_collections
)

select * from final
