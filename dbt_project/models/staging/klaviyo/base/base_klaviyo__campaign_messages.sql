with source as (
    select * from {{ source('klaviyo', 'campaign_messages') }}
),

renamed as (
    select
        _account_id as account_id,
        id as campaign_message_id,
        {{ blank_to_null('campaign_id') }} as campaign_id,
        {{ blank_to_null('label') }} as message_name,
        {{ blank_to_null('subject') }} as subject,
        {{ to_utc('created_at') }} as created_at,
        _loaded_at
    from source
),

final as (
    select
        account_id,
        campaign_message_id,
        campaign_id,
        message_name,
        subject,
        row_number() over (
            partition by account_id, campaign_id order by created_at, campaign_message_id
        ) as message_number,
        created_at,
        _loaded_at
    from renamed
)

select * from final
