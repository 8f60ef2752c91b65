with source as (
    {{ with_is_gone(
        source('sql_orders', 'order_lines'),
        source('sql_orders', '_present_keys'),
        'order_lines',
        'line_id',
    ) }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('line_id') }} as line_id,
        {{ blank_to_null('order_id') }} as order_id,
        lower({{ blank_to_null('line_type') }}) as line_type,
        {{ blank_to_null('product_id') }} as product_id,
        {{ blank_to_null('variant_id') }} as variant_id,
        {{ blank_to_null('sku') }} as sku,
        {{ blank_to_null('line_name') }} as line_name,
        cast(quantity as numeric(18, 3)) as quantity,
        cast(unit_price_amount as numeric(18, 4)) as unit_price_amount,
        cast(gross_amount as numeric(18, 4)) as gross_amount,
        cast(discount_amount as numeric(18, 4)) as discount_amount,
        cast(tax_amount as numeric(18, 4)) as tax_amount,
        cast(tax_rate as numeric(18, 8)) as tax_rate,
        cast(unit_cost_amount as numeric(18, 4)) as unit_cost_amount,
        coalesce(cast(is_deleted as boolean), false) or is_gone as is_deleted,
        {{ to_utc('delivered_at') }} as delivered_at,
        _loaded_at
    from source
)

select * from renamed
