with source as (
    select * from {{ source('files', 'inventory_levels') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('inventory_id') }} as inventory_id,
        {{ blank_to_null('variant_id') }} as variant_id,
        {{ blank_to_null('sku') }} as sku,
        {{ blank_to_null('location_id') }} as location_id,
        {{ blank_to_null('location_name') }} as location_name,
        cast(on_hand_quantity as numeric(18, 3)) as on_hand_quantity,
        cast(available_quantity as numeric(18, 3)) as available_quantity,
        {{ to_utc('observed_at') }} as observed_at,
        _loaded_at
    from source
)

select * from renamed
