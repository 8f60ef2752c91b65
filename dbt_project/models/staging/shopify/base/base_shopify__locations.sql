with source as (
    select * from {{ source('shopify', 'locations') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as location_id,
        {{ blank_to_null('name') }} as location_name,
        is_active,
        _loaded_at
    from source
)

select * from renamed
