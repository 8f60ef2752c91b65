{#
    Analytics of ads and of campaigns, side by side: the seam tells them apart by level. They carry
    ids alone; names are those of today.
#}
with accounts as (
    select * from {{ ref('base_pinterest_ads__accounts') }}
),

campaigns as (
    select * from {{ ref('base_pinterest_ads__campaigns') }}
),

ad_groups as (
    select * from {{ ref('base_pinterest_ads__ad_groups') }}
),

ads as (
    select * from {{ ref('base_pinterest_ads__ads') }}
),

ad_analytics as (
    select * from {{ ref('base_pinterest_ads__ad_analytics') }}
),

campaign_analytics as (
    select * from {{ ref('base_pinterest_ads__campaign_analytics') }}
),

levels as (
    select
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        'ad' as level,
        impressions,
        clicks,
        spend_amount,
        conversions,
        conversion_value_amount,
        ad_date,
        _loaded_at
    from ad_analytics
    union all
    select
        account_id,
        campaign_id,
        cast(null as varchar) as ad_group_id,
        cast(null as varchar) as ad_id,
        'campaign' as level,
        impressions,
        clicks,
        spend_amount,
        conversions,
        conversion_value_amount,
        ad_date,
        _loaded_at
    from campaign_analytics
),

final as (
    select
        levels.account_id,
        levels.campaign_id,
        campaigns.campaign_name,
        campaigns.campaign_type,
        levels.ad_group_id,
        ad_groups.ad_group_name,
        levels.ad_id,
        ads.ad_name,
        levels.level,
        'UTC' as account_timezone,
        accounts.attribution_window,
        accounts.currency_code,
        levels.impressions,
        levels.clicks,
        levels.spend_amount,
        levels.conversions,
        levels.conversion_value_amount,
        levels.ad_date,
        levels._loaded_at
    from levels
    left join accounts
        on levels.account_id = accounts.account_id
    left join campaigns
        on
            levels.account_id = campaigns.account_id
            and levels.campaign_id = campaigns.campaign_id
    left join ad_groups
        on
            levels.account_id = ad_groups.account_id
            and levels.ad_group_id = ad_groups.ad_group_id
    left join ads
        on
            levels.account_id = ads.account_id
            and levels.ad_id = ads.ad_id
)

select * from final
