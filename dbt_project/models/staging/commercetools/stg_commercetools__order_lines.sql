with source as (
    select * from {{ source('commercetools', 'order_lines') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as line_id,
        {{ blank_to_null('order_id') }} as order_id,
        case line_type
            when 'product' then 'goods'
            when 'custom' then 'fee'
            else line_type
        end as line_type,
        {{ blank_to_null('product_id') }} as product_id,
        {{ blank_to_null('variant_id') }} as variant_id,
        {{ blank_to_null('sku') }} as sku,
        {{ blank_to_null('name') }} as line_name,
        cast(quantity as numeric(18, 3)) as quantity,
        cast(price as numeric(18, 4)) as unit_price_amount,
        cast(gross as numeric(18, 4)) as gross_amount,
        cast(gross - total_price as numeric(18, 4)) as discount_amount,
        cast(total_tax as numeric(18, 4)) as tax_amount,
        cast(tax_rate as numeric(18, 8)) as tax_rate,
        cast(null as numeric(18, 4)) as unit_cost_amount,
        false as is_deleted,
        cast(null as timestamp) as delivered_at,
        _loaded_at
    from source
)

select * from renamed
