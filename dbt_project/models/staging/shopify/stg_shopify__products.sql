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
        handle,
        status,
        is_gift_card,
        false as is_deleted,
        created_at,
        updated_at,
        _loaded_at
    from products
    where version_number = 1
)

select * from final
