with source as (
    select * from {{ source('klaviyo', 'flows') }}
),

renamed as (
    select
        _account_id as account_id,
        id as flow_id,
        {{ blank_to_null('name') }} as flow_name,
        lower({{ blank_to_null('status') }}) as status,
        lower({{ blank_to_null('trigger_type') }}) as trigger_type,
        cast(archived as boolean) as is_archived,
        {{ to_utc('created') }} as created_at,
        {{ to_utc('updated') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
