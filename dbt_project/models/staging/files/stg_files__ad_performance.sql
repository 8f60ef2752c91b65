with source as (
    select * from {{ source('files', 'ad_performance') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('campaign_id') }} as campaign_id,
        {{ blank_to_null('campaign_name') }} as campaign_name,
        lower({{ blank_to_null('campaign_type') }}) as campaign_type,
        {{ blank_to_null('ad_group_id') }} as ad_group_id,
        {{ blank_to_null('ad_group_name') }} as ad_group_name,
        {{ blank_to_null('ad_id') }} as ad_id,
        {{ blank_to_null('ad_name') }} as ad_name,
        lower({{ blank_to_null('level') }}) as level,
        {{ blank_to_null('account_timezone') }} as account_timezone,
        {{ blank_to_null('attribution_window') }} as attribution_window,
        upper({{ blank_to_null('currency_code') }}) as currency_code,
        cast(impressions as bigint) as impressions,
        cast(clicks as bigint) as clicks,
        cast(spend_amount as numeric(18, 4)) as spend_amount,
        cast(conversions as double precision) as conversions,
        cast(conversion_value_amount as numeric(18, 4)) as conversion_value_amount,
        cast(ad_date as date) as ad_date,
        _loaded_at
    from source
)

select * from renamed
