with variants as (
    select * from {{ ref('base_commercetools__variants') }}
    where is_newest
),

renamed as (
    select
        account_id,
        variant_id,
        product_id,
        sku,
        cast(null as varchar) as variant_name,
        currency_code,
        price_amount,
        compare_at_amount,
        cast(null as numeric(18, 4)) as unit_cost_amount,
        cast(null as numeric(18, 4)) as weight_kg,
        false as is_deleted,
        observed_at as updated_at,
        _loaded_at
    from variants
)

select * from renamed
