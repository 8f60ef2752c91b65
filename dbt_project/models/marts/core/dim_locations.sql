with levels as (
    select * from {{ ref('int_inventory_levels_unioned') }}
),

ranked as (
    select
        store_key,
        location_id,
        location_name,
        row_number() over (
            partition by store_key, location_id
            order by observed_at desc, inventory_level_key asc
        ) as number_from_last
    from levels
),

final as (
    select
        {{ surrogate_key(['store_key', 'location_id']) }} as location_key,
        store_key,
        location_id,
        coalesce(location_name, location_id) as location_name
    from ranked
    where number_from_last = 1
)

select * from final
