-- Whatever the levels that a platform tells, the rows of a campaign and day sum to its own total.
-- pitfall: 16
with told as (
    select
        source_name,
        account_id,
        campaign_id,
        ad_date,
        sum(spend_amount) as spend_amount,
        sum(impressions) as impressions,
        sum(clicks) as clicks
    from {{ ref('int_ad_performance_unioned') }}
    where level = 'campaign' and ad_date is not null
    group by source_name, account_id, campaign_id, ad_date
),

booked as (
    select
        source_name,
        account_id,
        campaign_id,
        ad_date,
        sum(spend_account_amount) as spend_amount,
        sum(impressions) as impressions,
        sum(clicks) as clicks
    from {{ ref('fct_ad_performance_daily') }}
    group by source_name, account_id, campaign_id, ad_date
)

select
    told.source_name,
    told.account_id,
    told.campaign_id,
    told.ad_date
from told
left join booked
    on
        told.source_name = booked.source_name
        and told.account_id = booked.account_id
        and told.campaign_id = booked.campaign_id
        and told.ad_date = booked.ad_date
where
    booked.spend_amount is null
    or told.spend_amount != booked.spend_amount
    or told.impressions != booked.impressions
    or told.clicks != booked.clicks
