with source as (
    select * from {{ source('shopify', 'product_variants') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as variant_id,
        {{ blank_to_null('product_id') }} as product_id,
        {{ blank_to_null('inventory_item_id') }} as inventory_item_id,
        {{ blank_to_null('sku') }} as sku,
        {{ blank_to_null('title') }} as variant_name,
        cast(price as numeric(18, 4)) as price_amount,
        cast(compare_at_price as numeric(18, 4)) as compare_at_amount,
        cast(unit_cost as numeric(18, 4)) as unit_cost_amount,
        row_number() over (partition by _account_id, id order by updated_at desc)
            as version_number,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
