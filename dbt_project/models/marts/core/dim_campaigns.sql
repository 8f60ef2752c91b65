with ad_campaigns as (
    select * from {{ ref('int_campaigns_classified') }}
),

email_campaigns as (
    select * from {{ ref('int_email_campaigns_classified') }}
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
        cast(null as varchar) as flow_purpose,
        first_ad_date,
        last_ad_date
    from ad_campaigns
    union all
    select
        campaign_key,
        store_key,
        channel_key,
        source_name,
        account_id,
        campaign_id,
        campaign_name,
        campaign_type,
        cast(null as varchar) as ad_platform,
        flow_purpose,
        cast(null as date) as first_ad_date,
        cast(null as date) as last_ad_date
    from email_campaigns
)

select * from final
