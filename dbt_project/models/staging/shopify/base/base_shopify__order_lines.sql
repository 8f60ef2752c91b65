with source as (
    select * from {{ source('shopify', 'order_lines') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as line_id,
        {{ blank_to_null('order_id') }} as order_id,
        case line_type
            when 'product' then 'goods'
            when 'duty' then 'fee'
            else line_type
        end as line_type,
        {{ blank_to_null('product_id') }} as product_id,
        {{ blank_to_null('variant_id') }} as variant_id,
        {{ blank_to_null('sku') }} as sku,
        {{ blank_to_null('name') }} as line_name,
        cast(quantity as numeric(18, 3)) as quantity,
        cast(unfulfilled_quantity as numeric(18, 3)) as unfulfilled_quantity,
        cast(original_unit_price as numeric(18, 4)) as unit_price_amount,
        -- Unit price × quantity already.
        cast(original_total as numeric(18, 4)) as gross_amount,
        cast(discount_allocations__total as numeric(18, 4)) as discount_amount,
        cast(tax_lines__total as numeric(18, 4)) as tax_amount,
        cast(tax_lines__rate as numeric(18, 8)) as tax_rate,
        is_removed as is_deleted,
        _loaded_at
    from source
)

select * from renamed
