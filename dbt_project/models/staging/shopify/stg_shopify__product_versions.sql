with products as (
    select * from {{ ref('base_shopify__products') }}
),

final as (
    select
        account_id,
        product_id,
        product_name,
        brand,
        product_type,
        category_path as category,
        status,
        updated_at as observed_at,
        _loaded_at
    from products
)

select * from final
