{#
    Stock at the end of each store day on which it was observed: of several observations of a day the
    newest. A source that tells SKUs only finds the variant by them.
#}
with levels as (
    select * from {{ ref('int_inventory_levels_unioned') }}
),

variants as (
    select * from {{ ref('dim_product_variants') }}
),

stores as (
    select * from {{ ref('int_stores_completed') }}
),

variants_by_sku as (
    select
        store_key,
        sku,
        min(variant_key) as variant_key
    from variants
    where sku is not null
    group by store_key, sku
),

located as (
    select
        levels.inventory_level_key,
        levels.store_key,
        coalesce(levels.variant_key, variants_by_sku.variant_key) as variant_key,
        {{ surrogate_key(['levels.store_key', 'levels.location_id']) }} as location_key,
        levels.inventory_id,
        levels.location_id,
        levels.sku,
        levels.on_hand_quantity,
        levels.available_quantity,
        {{ local_date('levels.observed_at', 'stores.timezone') }} as inventory_date,
        levels.observed_at
    from levels
    inner join stores on levels.store_key = stores.store_key
    left join variants_by_sku
        on
            levels.store_key = variants_by_sku.store_key
            and levels.sku = variants_by_sku.sku
),

ranked as (
    select
        located.*,
        row_number() over (
            partition by
                located.store_key, located.inventory_id, located.location_id, located.inventory_date
            order by located.observed_at desc, located.inventory_level_key asc
        ) as number_from_last
    from located
),

final as (
    select
        inventory_level_key,
        variant_key,
        store_key,
        location_key,
        sku,
        on_hand_quantity,
        available_quantity,
        inventory_date,
        observed_at
    from ranked
    where number_from_last = 1
)

select * from final
