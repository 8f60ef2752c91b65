{#
    Delivery of ads and of campaigns, side by side: the seam tells them apart by level. Conversions
    are those of one action type an account, since Meta reports one purchase under several.
#}
with accounts as (
    select * from {{ ref('base_meta_ads__accounts') }}
),

ad_insights as (
    select * from {{ ref('base_meta_ads__ad_insights') }}
),

ad_actions as (
    select * from {{ ref('base_meta_ads__ad_insight_actions') }}
),

campaign_insights as (
    select * from {{ ref('base_meta_ads__campaign_insights') }}
),

campaign_actions as (
    select * from {{ ref('base_meta_ads__campaign_insight_actions') }}
),

ads as (
    select
        ad_insights.account_id,
        ad_insights.campaign_id,
        ad_insights.campaign_name,
        ad_insights.campaign_type,
        ad_insights.ad_group_id,
        ad_insights.ad_group_name,
        ad_insights.ad_id,
        ad_insights.ad_name,
        'ad' as level,
        ad_insights.currency_code,
        ad_insights.impressions,
        ad_insights.clicks,
        ad_insights.spend_amount,
        ad_actions.action_count,
        ad_actions.action_value_amount,
        ad_insights.ad_date,
        ad_insights._loaded_at
    from ad_insights
    left join accounts
        on ad_insights.account_id = accounts.account_id
    left join ad_actions
        on
            ad_insights.account_id = ad_actions.account_id
            and ad_insights.ad_id = ad_actions.ad_id
            and ad_insights.ad_date = ad_actions.ad_date
            and accounts.conversion_action_type = ad_actions.action_type
),

campaigns as (
    select
        campaign_insights.account_id,
        campaign_insights.campaign_id,
        campaign_insights.campaign_name,
        campaign_insights.campaign_type,
        cast(null as varchar) as ad_group_id,
        cast(null as varchar) as ad_group_name,
        cast(null as varchar) as ad_id,
        cast(null as varchar) as ad_name,
        'campaign' as level,
        campaign_insights.currency_code,
        campaign_insights.impressions,
        campaign_insights.clicks,
        campaign_insights.spend_amount,
        campaign_actions.action_count,
        campaign_actions.action_value_amount,
        campaign_insights.ad_date,
        campaign_insights._loaded_at
    from campaign_insights
    left join accounts
        on campaign_insights.account_id = accounts.account_id
    left join campaign_actions
        on
            campaign_insights.account_id = campaign_actions.account_id
            and campaign_insights.campaign_id = campaign_actions.campaign_id
            and campaign_insights.ad_date = campaign_actions.ad_date
            and accounts.conversion_action_type = campaign_actions.action_type
),

levels as (
    select * from ads
    union all
    select * from campaigns
),

final as (
    select
        levels.account_id,
        levels.campaign_id,
        levels.campaign_name,
        levels.campaign_type,
        levels.ad_group_id,
        levels.ad_group_name,
        levels.ad_id,
        levels.ad_name,
        levels.level,
        accounts.account_timezone,
        accounts.attribution_window,
        coalesce(levels.currency_code, accounts.currency_code) as currency_code,
        coalesce(levels.impressions, 0) as impressions,
        coalesce(levels.clicks, 0) as clicks,
        cast(coalesce(levels.spend_amount, 0) as numeric(18, 4)) as spend_amount,
        -- Meta leaves out what did not happen.
        coalesce(levels.action_count, 0) as conversions,
        cast(coalesce(levels.action_value_amount, 0) as numeric(18, 4))
            as conversion_value_amount,
        levels.ad_date,
        levels._loaded_at
    from levels
    left join accounts
        on levels.account_id = accounts.account_id
)

select * from final
