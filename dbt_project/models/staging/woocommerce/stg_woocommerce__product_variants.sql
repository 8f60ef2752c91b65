with variants as (
    select * from {{ ref('base_woocommerce__variants') }}
    where is_newest
),

renamed as (
    select
        account_id,
        variant_id,
        product_id,
        sku,
        variant_name,
        currency_code,
        price_amount,
        compare_at_amount,
        unit_cost_amount,
        cast(null as numeric(18, 4)) as weight_kg,
        is_deleted,
        observed_at as updated_at,
        _loaded_at
    from variants
)

select * from renamed
