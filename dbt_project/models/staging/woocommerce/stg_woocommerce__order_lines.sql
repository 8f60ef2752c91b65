with source as (
    select * from {{ source('woocommerce', 'order_lines') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as line_id,
        {{ blank_to_null('order_id') }} as order_id,
        case line_type when 'product' then 'goods' else line_type end as line_type,
        {{ blank_to_null('product_id') }} as product_id,
        -- A product without variations is its own variant.
        coalesce({{ blank_to_null('variation_id') }}, {{ blank_to_null('product_id') }})
            as variant_id,
        {{ blank_to_null('sku') }} as sku,
        {{ blank_to_null('name') }} as line_name,
        cast(quantity as numeric(18, 3)) as quantity,
        -- Of all units, before coupons, without tax: WooCommerce states no price of one.
        coalesce(
            {{ money_share('subtotal', '1', 'quantity') }}, cast(subtotal as numeric(18, 4))
        ) as unit_price_amount,
        cast(subtotal as numeric(18, 4)) as gross_amount,
        cast(subtotal - total as numeric(18, 4)) as discount_amount,
        cast(total_tax as numeric(18, 4)) as tax_amount,
        cast(null as numeric(18, 8)) as tax_rate,
        cast(null as numeric(18, 4)) as unit_cost_amount,
        false as is_deleted,
        cast(null as timestamp) as delivered_at,
        _loaded_at
    from source
)

select * from renamed
