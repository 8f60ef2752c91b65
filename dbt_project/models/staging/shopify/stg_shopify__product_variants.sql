with source as (
    select * from {{ source('shopify', 'product_variants') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as variant_id,
        {{ blank_to_null('product_id') }} as product_id,
        {{ blank_to_null('sku') }} as sku,
        {{ blank_to_null('title') }} as variant_name,
        upper({{ blank_to_null('unit_cost__currency_code') }}) as currency_code,
        cast(price as numeric(18, 4)) as price_amount,
        cast(compare_at_price as numeric(18, 4)) as compare_at_amount,
        cast(unit_cost as numeric(18, 4)) as unit_cost_amount,
        false as is_deleted,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
