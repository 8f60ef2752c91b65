with source as (
    select * from {{ source('klaviyo', 'campaigns') }}
),

renamed as (
    select
        _account_id as account_id,
        id as campaign_id,
        {{ blank_to_null('name') }} as campaign_name,
        lower({{ blank_to_null('channel') }}) as channel,
        lower({{ blank_to_null('status') }}) as status,
        cast(archived as boolean) as is_archived,
        {{ to_utc('created_at') }} as created_at,
        {{ to_utc('scheduled_at') }} as scheduled_at,
        {{ to_utc('send_time') }} as sent_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
