with source as (
    select * from {{ source('hubspot', 'archived_contacts') }}
),

renamed as (
    select
        _account_id as account_id,
        id as contact_id,
        {{ to_utc('archived_at') }} as archived_at,
        _loaded_at
    from source
)

select * from renamed
