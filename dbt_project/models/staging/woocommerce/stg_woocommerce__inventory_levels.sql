-- WooCommerce knows no places: one stock a store.
with variants as (
    select * from {{ ref('base_woocommerce__variants') }}
    where has_stock
),

renamed as (
    select
        account_id,
        variant_id as inventory_id,
        variant_id,
        sku,
        'store' as location_id,
        cast(null as varchar) as location_name,
        stock_quantity as on_hand_quantity,
        stock_quantity as available_quantity,
        observed_at,
        _loaded_at
    from variants
)

select * from renamed
