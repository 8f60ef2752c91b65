with ad_performance as (
    select * from {{ ref('int_ad_performance_unioned') }}
),

campaign_channel_rules as (
    select * from {{ ref('campaign_channel_rules') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

campaign_days as (
    select
        {{ surrogate_key(['source_name', 'account_id', 'campaign_id']) }} as campaign_key,
        source_name,
        account_id,
        campaign_id,
        campaign_name,
        lower(campaign_type) as campaign_type,
        min(ad_date) over (partition by source_name, account_id, campaign_id) as first_ad_date,
        max(ad_date) over (partition by source_name, account_id, campaign_id) as last_ad_date,
        -- Its newest name and type, of the highest level that tells them.
        row_number() over (
            partition by source_name, account_id, campaign_id
            order by
                ad_date desc,
                case level when 'campaign' then 0 when 'ad_group' then 1 else 2 end asc,
                ad_performance_key asc
        ) as recency
    from ad_performance
    where campaign_id is not null
),

campaigns as (
    select * from campaign_days
    where recency = 1
),

ruled as (
    select
        campaigns.campaign_key,
        min(campaign_channel_rules.rule_number) as rule_number
    from campaigns
    inner join campaign_channel_rules
        on
            (
                coalesce(campaign_channel_rules.source_name, '') = ''
                or campaigns.source_name = campaign_channel_rules.source_name
            )
            and (
                coalesce(campaign_channel_rules.campaign_type_pattern, '') = ''
                or {{ regexp_matches(
                    "coalesce(campaigns.campaign_type, '')",
                    'campaign_channel_rules.campaign_type_pattern',
                ) }}
            )
    group by campaigns.campaign_key
)

select
    campaigns.campaign_key,
    coalesce(accounts.store_key, 'unassigned') as store_key,
    campaign_channel_rules.channel_key,
    campaigns.source_name,
    campaigns.account_id,
    campaigns.campaign_id,
    campaigns.campaign_name,
    campaigns.campaign_type,
    coalesce(nullif(campaign_channel_rules.ad_platform, ''), campaigns.source_name) as ad_platform,
    campaigns.first_ad_date,
    campaigns.last_ad_date
from campaigns
inner join ruled
    on campaigns.campaign_key = ruled.campaign_key
inner join campaign_channel_rules
    on ruled.rule_number = campaign_channel_rules.rule_number
left join accounts
    on
        campaigns.source_name = accounts.source_name
        and campaigns.account_id = accounts.account_id
