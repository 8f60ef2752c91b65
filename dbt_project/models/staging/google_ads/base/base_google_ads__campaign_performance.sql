with source as (
    select * from {{ source('google_ads', 'campaign_performance') }}
),

renamed as (
    select
        _account_id as account_id,
        campaign__id as campaign_id,
        {{ blank_to_null('campaign__name') }} as campaign_name,
        lower(campaign__advertising_channel_type) as campaign_type,
        metrics__impressions as impressions,
        metrics__clicks as clicks,
        {{ money_multiply('metrics__cost_micros', '0.000001') }} as spend_amount,
        metrics__conversions as conversions,
        cast(metrics__conversions_value as numeric(18, 4)) as conversion_value_amount,
        segments__date as ad_date,
        _loaded_at
    from source
)

select * from renamed
