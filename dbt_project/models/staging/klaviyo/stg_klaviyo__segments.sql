with source as (
    select * from {{ source('klaviyo', 'segments') }}
),

renamed as (
    select
        _account_id as account_id,
        id as segment_id,
        {{ blank_to_null('name') }} as segment_name,
        cast(is_active as boolean) as is_active,
        {{ to_utc('created') }} as created_at,
        {{ to_utc('updated') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
