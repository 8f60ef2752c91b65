with email_events as (
    select * from {{ ref('int_email_events_attached') }}
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
        occurred_at
    from email_events
)

select * from final
