with source as (
    {{ with_is_gone(
        source('sql_orders', 'product_variants'),
        source('sql_orders', '_present_keys'),
        'product_variants',
        'variant_id',
    ) }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('variant_id') }} as variant_id,
        {{ blank_to_null('product_id') }} as product_id,
        {{ blank_to_null('sku') }} as sku,
        {{ blank_to_null('variant_name') }} as variant_name,
        upper({{ blank_to_null('currency_code') }}) as currency_code,
        cast(price_amount as numeric(18, 4)) as price_amount,
        cast(compare_at_amount as numeric(18, 4)) as compare_at_amount,
        cast(unit_cost_amount as numeric(18, 4)) as unit_cost_amount,
        cast(weight_kg as numeric(18, 4)) as weight_kg,
        coalesce(cast(is_deleted as boolean), false) or is_gone as is_deleted,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
