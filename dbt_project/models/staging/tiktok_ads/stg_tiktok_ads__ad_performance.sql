{#
    Reports of ads and of campaigns, side by side: the seam tells them apart by level. Conversions
    are those of one metric an account, since TikTok reports one purchase under several.
#}
with accounts as (
    select * from {{ ref('base_tiktok_ads__accounts') }}
),

ad_reports as (
    select * from {{ ref('base_tiktok_ads__ad_reports') }}
),

campaign_reports as (
    select * from {{ ref('base_tiktok_ads__campaign_reports') }}
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
        payments,
        goals_reached,
        payment_value_amount,
        ad_date,
        _loaded_at
    from ad_reports
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
        payments,
        goals_reached,
        payment_value_amount,
        ad_date,
        _loaded_at
    from campaign_reports
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
        accounts.currency_code,
        levels.impressions,
        levels.clicks,
        levels.spend_amount,
        case accounts.conversion_metric
            when 'conversion' then levels.goals_reached
            else levels.payments
        end as conversions,
        levels.payment_value_amount as conversion_value_amount,
        levels.ad_date,
        levels._loaded_at
    from levels
    left join accounts
        on levels.account_id = accounts.account_id
)

select * from final
