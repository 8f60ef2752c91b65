with source as (
    select * from {{ source('files', 'email_campaigns') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('campaign_id') }} as campaign_id,
        {{ blank_to_null('campaign_name') }} as campaign_name,
        lower({{ blank_to_null('campaign_type') }}) as campaign_type,
        lower({{ blank_to_null('channel') }}) as channel,
        lower({{ blank_to_null('status') }}) as status,
        {{ blank_to_null('subject') }} as subject,
        {{ to_utc('sent_at') }} as sent_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
