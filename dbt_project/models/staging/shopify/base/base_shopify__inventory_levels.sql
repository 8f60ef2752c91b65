with source as (
    select * from {{ source('shopify', 'inventory_levels') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('inventory_item_id') }} as inventory_item_id,
        {{ blank_to_null('location_id') }} as location_id,
        cast(on_hand as numeric(18, 3)) as on_hand_quantity,
        cast(available as numeric(18, 3)) as available_quantity,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
