{#
    Performance of ads and of campaigns, side by side: the seam tells them apart by level. Campaigns
    such as Performance Max have no rows below their own.
#}
with accounts as (
    select * from {{ ref('base_google_ads__accounts') }}
),

conversion_actions as (
    select * from {{ ref('base_google_ads__conversion_actions') }}
),

ad_performance as (
    select * from {{ ref('base_google_ads__ad_performance') }}
),

campaign_performance as (
    select * from {{ ref('base_google_ads__campaign_performance') }}
),

windows as (
    select
        account_id,
        max(click_window_days) as click_window_days,
        max(view_window_days) as view_window_days
    from conversion_actions
    where status = 'enabled' and is_primary and category = 'purchase'
    group by account_id
),

levels as (
    select
        account_id,
        campaign_id,
        campaign_name,
        campaign_type,
        ad_group_id,
        ad_group_name,
        ad_id,
        ad_name,
        'ad' as level,
        impressions,
        clicks,
        spend_amount,
        conversions,
        conversion_value_amount,
        ad_date,
        _loaded_at
    from ad_performance
    union all
    select
        account_id,
        campaign_id,
        campaign_name,
        campaign_type,
        cast(null as varchar) as ad_group_id,
        cast(null as varchar) as ad_group_name,
        cast(null as varchar) as ad_id,
        cast(null as varchar) as ad_name,
        'campaign' as level,
        impressions,
        clicks,
        spend_amount,
        conversions,
        conversion_value_amount,
        ad_date,
        _loaded_at
    from campaign_performance
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
        cast(windows.click_window_days as varchar) || 'd_click'
        || coalesce(',' || cast(windows.view_window_days as varchar) || 'd_view', '')
            as attribution_window,
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
    left join windows
        on levels.account_id = windows.account_id
)

select * from final
