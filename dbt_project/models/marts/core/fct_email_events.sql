{{ config(
    materialized='incremental',
    unique_key='email_event_key',
    post_hook="{{ forget_gone(ref('int_email_events_attached'), 'email_event_key') }}",
) }}

with email_events as (
    select attached.*
    from {{ ref('int_email_events_attached') }} as attached
    {%- if is_incremental() %}
    where {{ built_since('attached') }}
    {%- endif %}
),

final as (
    select
        email_event_key,
        email_message_key,
        store_key,
        customer_key,
        campaign_key,
        source_name,
        account_id,
        event_type,
        channel,
        click_path,
        is_machine,
        event_date,
        occurred_at,
        {{ built_at() }} as _built_at
    from email_events
)

select * from final
