with source as (
    select * from {{ source('klaviyo', 'list_members') }}
),

renamed as (
    select
        _account_id as account_id,
        list_id,
        profile_id,
        {{ to_utc('joined_group_at') }} as joined_at,
        _loaded_at
    from source
)

select * from renamed
