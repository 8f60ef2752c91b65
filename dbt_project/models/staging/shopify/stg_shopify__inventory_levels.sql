with inventory_levels as (
    select * from {{ ref('base_shopify__inventory_levels') }}
),

locations as (
    select * from {{ ref('base_shopify__locations') }}
),

-- Variants may share an item: then the level is that of no one of them.
variants as (
    select
        account_id,
        inventory_item_id,
        case when count(*) = 1 then min(variant_id) end as variant_id,
        min(sku) as sku
    from {{ ref('base_shopify__product_variants') }}
    where version_number = 1
    group by account_id, inventory_item_id
),

final as (
    select
        inventory_levels.account_id,
        inventory_levels.inventory_item_id as inventory_id,
        variants.variant_id,
        variants.sku,
        inventory_levels.location_id,
        locations.location_name,
        inventory_levels.on_hand_quantity,
        inventory_levels.available_quantity,
        inventory_levels.updated_at as observed_at,
        inventory_levels._loaded_at
    from inventory_levels
    left join locations
        on
            inventory_levels.account_id = locations.account_id
            and inventory_levels.location_id = locations.location_id
    left join variants
        on
            inventory_levels.account_id = variants.account_id
            and inventory_levels.inventory_item_id = variants.inventory_item_id
)

select * from final
