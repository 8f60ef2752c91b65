with campaigns as (
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

-- A flow may send both; one that sends any e-mail is one of e-mail.
flow_channels as (
    select
        account_id,
        flow_id,
        min(channel) as channel
    from flow_messages
    group by account_id, flow_id
),

final as (
    select
        campaigns.account_id,
        campaigns.campaign_id,
        campaigns.campaign_name,
        'campaign' as campaign_type,
        campaigns.channel,
        campaigns.status,
        campaign_messages.subject,
        campaigns.sent_at,
        campaigns.updated_at,
        campaigns._loaded_at
    from campaigns
    left join campaign_messages
        on
            campaigns.account_id = campaign_messages.account_id
            and campaigns.campaign_id = campaign_messages.campaign_id
            and campaign_messages.message_number = 1
    union all
    select
        flows.account_id,
        flows.flow_id as campaign_id,
        flows.flow_name as campaign_name,
        'flow' as campaign_type,
        coalesce(flow_channels.channel, 'email') as channel,
        flows.status,
        cast(null as varchar) as subject,
        cast(null as timestamp) as sent_at,
        flows.updated_at,
        flows._loaded_at
    from flows
    left join flow_channels
        on
            flows.account_id = flow_channels.account_id
            and flows.flow_id = flow_channels.flow_id
)

select * from final
