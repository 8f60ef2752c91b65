with source as (
    select * from {{ source('pinterest_ads', 'ad_analytics') }}
),

renamed as (
    select
        _account_id as account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        total_impression as impressions,
        total_clickthrough as clicks,
        {{ money_multiply('spend_in_micro_dollar', '0.000001') }} as spend_amount,
        cast(total_checkout as double precision) as conversions,
        {{ money_multiply('total_checkout_value_in_micro_dollar', '0.000001') }}
            as conversion_value_amount,
        date as ad_date,
        _loaded_at
    from source
)

select * from renamed
