{#
    Properties of a shop's own metrics are free, so flags come as text; Klaviyo writes true or True.
#}
with source as (
    select * from {{ source('klaviyo', 'events') }}
),

renamed as (
    select
        _account_id as account_id,
        id as event_id,
        metric_id,
        {{ blank_to_null('profile_id') }} as profile_id,
        {{ blank_to_null('message_id') }} as campaign_message_id,
        {{ blank_to_null('flow_id') }} as flow_id,
        {{ blank_to_null('send_cohort') }} as send_cohort,
        {{ blank_to_null('subject') }} as subject,
        {{ blank_to_null('url') }} as click_url,
        coalesce(lower(is_machine_open) = 'true', false)
        or coalesce(lower(is_bot_click) = 'true', false) as is_machine,
        {{ to_utc('datetime') }} as occurred_at,
        _loaded_at
    from source
)

select * from renamed
