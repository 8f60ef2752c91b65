with source as (
    select * from {{ source('meta_ads', 'ad_insights') }}
),

renamed as (
    select
        _account_id as account_id,
        campaign_id,
        {{ blank_to_null('campaign_name') }} as campaign_name,
        lower({{ blank_to_null('objective') }}) as campaign_type,
        adset_id as ad_group_id,
        {{ blank_to_null('adset_name') }} as ad_group_name,
        ad_id,
        {{ blank_to_null('ad_name') }} as ad_name,
        upper(account_currency) as currency_code,
        impressions,
        clicks,
        cast(spend as numeric(18, 4)) as spend_amount,
        date_start as ad_date,
        _loaded_at
    from source
)

select * from renamed
