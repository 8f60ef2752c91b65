with source as (
    select * from {{ source('files', 'email_events') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('event_id') }} as event_id,
        lower({{ blank_to_null('event_type') }}) as event_type,
        {{ blank_to_null('message_id') }} as message_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('email') }} as email,
        {{ blank_to_null('campaign_id') }} as campaign_id,
        {{ blank_to_null('campaign_name') }} as campaign_name,
        {{ blank_to_null('flow_id') }} as flow_id,
        {{ blank_to_null('flow_name') }} as flow_name,
        {{ blank_to_null('template_id') }} as template_id,
        {{ blank_to_null('template_name') }} as template_name,
        {{ blank_to_null('subject') }} as subject,
        {{ blank_to_null('click_url') }} as click_url,
        lower({{ blank_to_null('channel') }}) as channel,
        cast(is_machine as boolean) as is_machine,
        {{ to_utc('occurred_at') }} as occurred_at,
        _loaded_at
    from source
)

select * from renamed
