with source as (
    select * from {{ source('google_ads', 'ad_performance') }}
),

renamed as (
    select
        _account_id as account_id,
        campaign__id as campaign_id,
        {{ blank_to_null('campaign__name') }} as campaign_name,
        lower(campaign__advertising_channel_type) as campaign_type,
        ad_group__id as ad_group_id,
        {{ blank_to_null('ad_group__name') }} as ad_group_name,
        ad_group_ad__ad__id as ad_id,
        {{ blank_to_null('ad_group_ad__ad__name') }} as ad_name,
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
