with source as (
    select * from {{ source('files', 'product_variant_versions') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('variant_id') }} as variant_id,
        {{ blank_to_null('product_id') }} as product_id,
        {{ blank_to_null('sku') }} as sku,
        upper({{ blank_to_null('currency_code') }}) as currency_code,
        cast(price_amount as numeric(18, 4)) as price_amount,
        cast(compare_at_amount as numeric(18, 4)) as compare_at_amount,
        cast(unit_cost_amount as numeric(18, 4)) as unit_cost_amount,
        cast(weight_kg as numeric(18, 4)) as weight_kg,
        {{ to_utc('observed_at') }} as observed_at,
        _loaded_at
    from source
)

select * from renamed
