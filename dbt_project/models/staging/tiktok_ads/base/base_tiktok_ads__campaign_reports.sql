with source as (
    select * from {{ source('tiktok_ads', 'campaign_reports') }}
),

renamed as (
    select
        _account_id as account_id,
        campaign_id,
        {{ blank_to_null('campaign_name') }} as campaign_name,
        lower({{ blank_to_null('objective_type') }}) as campaign_type,
        coalesce(impressions, 0) as impressions,
        coalesce(clicks, 0) as clicks,
        cast(coalesce(spend, 0) as numeric(18, 4)) as spend_amount,
        cast(coalesce(complete_payment, 0) as double precision) as payments,
        cast(coalesce(conversion, 0) as double precision) as goals_reached,
        -- Its name says rate: it is the payments' value.
        cast(coalesce(total_complete_payment_rate, 0) as numeric(18, 4)) as payment_value_amount,
        stat_time_day as ad_date,
        _loaded_at
    from source
)

select * from renamed
