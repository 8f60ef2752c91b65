-- One stock a product or variation; WooCommerce knows no places.
with products as (
    select * from {{ source('woocommerce', 'products') }}
    where manage_stock
),

variations as (
    select * from {{ source('woocommerce', 'variations') }}
    where manage_stock
),

stocks as (
    select
        _account_id,
        id,
        case when type not in ('variable', 'grouped') then id end as variant_id,
        sku,
        stock_quantity,
        date_modified_gmt,
        _loaded_at
    from products
    union all
    select
        _account_id,
        id,
        id as variant_id,
        sku,
        stock_quantity,
        date_modified_gmt,
        _loaded_at
    from variations
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as inventory_id,
        {{ blank_to_null('variant_id') }} as variant_id,
        {{ blank_to_null('sku') }} as sku,
        'store' as location_id,
        cast(null as varchar) as location_name,
        cast(stock_quantity as numeric(18, 3)) as on_hand_quantity,
        cast(stock_quantity as numeric(18, 3)) as available_quantity,
        {{ to_utc('date_modified_gmt') }} as observed_at,
        _loaded_at
    from stocks
)

select * from renamed
