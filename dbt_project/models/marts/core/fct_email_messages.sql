{#
    Opens and clicks count once a message and recipient, and only a human's. Where a provider tells
    no delivery, a message that did not bounce was delivered.
#}
with email_events as (
    select * from {{ ref('int_email_events_attached') }}
    where email_message_key is not null
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

summed as (
    select
        email_message_key,
        min(store_key) as store_key,
        min(customer_key) as customer_key,
        min(campaign_key) as campaign_key,
        min(template_key) as template_key,
        min(source_name) as source_name,
        min(account_id) as account_id,
        min(channel) as channel,
        max(case when event_type = 'delivered' then 1 else 0 end) as delivery_count,
        min(case when event_type = 'sent' then event_date end) as sent_date,
        min(case when event_type = 'sent' then occurred_at end) as sent_at,
        min(case when event_type = 'delivered' then occurred_at end) as delivered_at,
        min(case when event_type = 'bounced' then occurred_at end) as bounced_at,
        min(case when event_type = 'opened' and not is_machine then occurred_at end)
            as first_open_at,
        min(case when event_type = 'opened' then occurred_at end) as first_any_open_at,
        min(case when event_type = 'clicked' and not is_machine then occurred_at end)
            as first_click_at,
        min(case when event_type = 'clicked' then occurred_at end) as first_any_click_at,
        min(case when event_type = 'unsubscribed' then occurred_at end) as unsubscribed_at,
        min(case when event_type = 'complained' then occurred_at end) as complained_at
    from email_events
    group by email_message_key
),

-- Whether a provider tells deliveries at all is seen in what it told so far.
providers as (
    select
        source_name,
        account_id,
        max(delivery_count) = 1 as tells_delivery
    from summed
    group by source_name, account_id
),

final as (
    select
        summed.email_message_key,
        summed.store_key,
        summed.customer_key,
        summed.campaign_key,
        summed.template_key,
        summed.source_name,
        summed.account_id,
        summed.channel,
        campaigns.flow_purpose,
        case
            when providers.tells_delivery then summed.delivered_at is not null
            else summed.bounced_at is null
        end as is_delivered,
        summed.first_open_at is not null as is_opened,
        summed.first_click_at is not null as is_clicked,
        summed.first_any_open_at is not null and summed.first_open_at is null
            as is_opened_by_machine_only,
        summed.bounced_at is not null as is_bounced,
        {{ dbt.dateadd('day', var('email_provisional_days'), 'summed.sent_date') }} > {{ as_of() }}
            as is_provisional,
        summed.sent_date,
        summed.sent_at,
        summed.delivered_at,
        summed.first_open_at,
        summed.first_click_at,
        summed.bounced_at,
        summed.unsubscribed_at,
        summed.complained_at
    from summed
    inner join providers
        on
            summed.source_name = providers.source_name
            and summed.account_id = providers.account_id
    left join campaigns on summed.campaign_key = campaigns.campaign_key
    where summed.sent_at is not null
)

select * from final
