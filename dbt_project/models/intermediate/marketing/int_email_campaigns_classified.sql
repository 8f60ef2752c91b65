with campaigns as (
    select * from {{ ref('int_email_campaigns_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

flow_purpose_rules as (
    select * from {{ ref('flow_purpose_rules') }}
),

ruled as (
    select
        campaigns.email_campaign_key,
        flow_purpose_rules.flow_purpose,
        row_number() over (
            partition by campaigns.email_campaign_key
            order by flow_purpose_rules.rule_number
        ) as match_number
    from campaigns
    inner join flow_purpose_rules
        on {{ regexp_matches('lower(campaigns.campaign_name)', 'flow_purpose_rules.name_pattern') }}
    where campaigns.campaign_type = 'flow'
)

select
    campaigns.email_campaign_key as campaign_key,
    coalesce(accounts.store_key, 'unassigned') as store_key,
    coalesce(campaigns.channel, 'email') as channel_key,
    campaigns.source_name,
    campaigns.account_id,
    campaigns.campaign_id,
    campaigns.campaign_name,
    campaigns.campaign_type,
    case when campaigns.campaign_type = 'flow' then coalesce(ruled.flow_purpose, 'other') end
        as flow_purpose,
    campaigns.sent_at
from campaigns
left join ruled
    on
        campaigns.email_campaign_key = ruled.email_campaign_key
        and ruled.match_number = 1
left join accounts
    on
        campaigns.source_name = accounts.source_name
        and campaigns.account_id = accounts.account_id
