{#
    Klaviyo's own metrics of e-mail and SMS; those of a shop or of the site itself are left out.
    Klaviyo tells no delivery: Received is sent, and delivered is sent less bounced.
#}
with events as (
    select * from {{ ref('base_klaviyo__events') }}
),

metrics as (
    select * from {{ ref('base_klaviyo__metrics') }}
),

campaigns as (
    select * from {{ ref('base_klaviyo__campaigns') }}
),

campaign_messages as (
    select * from {{ ref('base_klaviyo__campaign_messages') }}
),

flows as (
    select * from {{ ref('base_klaviyo__flows') }}
),

flow_messages as (
    select * from {{ ref('base_klaviyo__flow_messages') }}
),

profiles as (
    select * from {{ ref('base_klaviyo__profiles') }}
),

event_types as (
    select
        account_id,
        metric_id,
        case
            when metric_name in ('Received Email', 'Received SMS') then 'sent'
            when metric_name = 'Opened Email' then 'opened'
            when metric_name in ('Clicked Email', 'Clicked SMS') then 'clicked'
            when metric_name in ('Bounced Email', 'Failed to Deliver SMS') then 'bounced'
            when metric_name = 'Dropped Email' then 'dropped'
            when metric_name = 'Marked Email as Spam' then 'complained'
            when
                metric_name in ('Subscribed to Email Marketing', 'Subscribed to SMS Marketing')
                then 'subscribed'
            when
                metric_name in (
                    'Unsubscribed',
                    'Unsubscribed from Email Marketing',
                    'Unsubscribed from SMS Marketing'
                )
                then 'unsubscribed'
        end as event_type,
        case when metric_name like '%SMS%' then 'sms' else 'email' end as channel
    from metrics
),

final as (
    select
        events.account_id,
        events.event_id,
        event_types.event_type,
        coalesce(events.send_cohort, events.campaign_message_id)
        || ':' || events.profile_id as message_id,
        events.profile_id as customer_id,
        profiles.email,
        case when events.flow_id is null then campaign_messages.campaign_id end as campaign_id,
        case when events.flow_id is null then campaigns.campaign_name end as campaign_name,
        events.flow_id,
        flows.flow_name,
        events.campaign_message_id as template_id,
        case
            when events.flow_id is null then campaigns.campaign_name
            else flow_messages.message_name
        end as template_name,
        coalesce(events.subject, campaign_messages.subject) as subject,
        events.click_url,
        event_types.channel,
        events.is_machine,
        events.occurred_at,
        events._loaded_at
    from events
    inner join event_types
        on
            events.account_id = event_types.account_id
            and events.metric_id = event_types.metric_id
    left join campaign_messages
        on
            events.account_id = campaign_messages.account_id
            and events.campaign_message_id = campaign_messages.campaign_message_id
    left join campaigns
        on
            campaign_messages.account_id = campaigns.account_id
            and campaign_messages.campaign_id = campaigns.campaign_id
    left join flows
        on
            events.account_id = flows.account_id
            and events.flow_id = flows.flow_id
    left join flow_messages
        on
            events.account_id = flow_messages.account_id
            and events.campaign_message_id = flow_messages.flow_message_id
    left join profiles
        on
            events.account_id = profiles.account_id
            and events.profile_id = profiles.profile_id
            and profiles.version_number = 1
    where event_types.event_type is not null
)

select * from final
