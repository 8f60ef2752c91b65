with product_variants as (
    select * from {{ ref('base_shopify__product_variants') }}
),

shops as (
    select * from {{ ref('base_shopify__shops') }}
),

final as (
    select
        product_variants.account_id,
        product_variants.variant_id,
        product_variants.product_id,
        product_variants.sku,
        product_variants.variant_name,
        shops.currency_code,
        product_variants.price_amount,
        product_variants.compare_at_amount,
        product_variants.unit_cost_amount,
        cast(null as numeric(18, 4)) as weight_kg,
        false as is_deleted,
        product_variants.updated_at,
        product_variants._loaded_at
    from product_variants
    left join shops on product_variants.account_id = shops.account_id
    where product_variants.version_number = 1
)

select * from final
