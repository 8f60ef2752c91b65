{%- set restated_days -%}
    case ad_performance.source_name
    {%- for source, days in var('ad_provisional_days').items() if source != 'others' %}
        when '{{ source }}' then {{ days }}
    {%- endfor %}
        else {{ var('ad_provisional_days')['others'] }}
    end
{%- endset -%}

with ad_performance as (
    select * from {{ ref('int_ad_performance_allocated') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_classified') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_filled') }}
),

priced as (
    select
        ad_performance.*,
        campaigns.campaign_key,
        coalesce(campaigns.channel_key, 'other') as channel_key,
        coalesce(campaigns.ad_platform, ad_performance.source_name) as ad_platform,
        coalesce(accounts.store_key, 'unassigned') as store_key,
        fx_rates.rate,
        {{ dbt.dateadd('day', restated_days, 'ad_performance.ad_date') }}
        > {{ as_of() }} as is_provisional
    from ad_performance
    left join campaigns
        on
            ad_performance.source_name = campaigns.source_name
            and ad_performance.account_id = campaigns.account_id
            and ad_performance.campaign_id = campaigns.campaign_id
    left join accounts
        on
            ad_performance.source_name = accounts.source_name
            and ad_performance.account_id = accounts.account_id
    left join fx_rates
        on
            ad_performance.currency_code = fx_rates.currency_code
            and ad_performance.ad_date = fx_rates.rate_date
),

final as (
    select
        ad_performance_key,
        store_key,
        channel_key,
        campaign_key,
        source_name,
        account_id,
        ad_platform,
        campaign_id,
        ad_group_id,
        ad_group_name,
        ad_id,
        ad_name,
        level,
        account_timezone,
        attribution_window,
        currency_code,
        impressions,
        clicks,
        {{ money_multiply('spend_amount', 'rate') }} as spend_amount,
        spend_amount as spend_account_amount,
        conversions as platform_conversions,
        {{ money_multiply('conversion_value_amount', 'rate') }} as platform_value_amount,
        conversion_value_amount as platform_value_account_amount,
        is_unallocated,
        is_provisional,
        ad_date
    from priced
)

select * from final
