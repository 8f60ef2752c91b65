with campaigns as (
    select * from {{ ref('int_campaigns_classified') }}
),

final as (
    select
        campaign_key,
        store_key,
        channel_key,
        source_name,
        account_id,
        campaign_id,
        campaign_name,
        campaign_type,
        ad_platform,
        first_ad_date,
        last_ad_date
    from campaigns
)

select * from final
