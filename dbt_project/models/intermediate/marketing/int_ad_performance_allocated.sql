{#
    Ad performance at the lowest level that tells it, so that its rows can be summed. The campaign
    level is the truth of spend: what it has beyond its ads, or its ad groups, is a row of its own.
#}
{%- set measures = [
    'impressions', 'clicks', 'spend_amount', 'conversions', 'conversion_value_amount',
] -%}

with ad_performance as (
    select * from {{ ref('int_ad_performance_unioned') }}
),

ads as (
    select * from ad_performance
    where level = 'ad'
),

ad_groups as (
    select * from ad_performance
    where level = 'ad_group'
),

campaigns as (
    select * from ad_performance
    where level = 'campaign'
),

ads_by_group as (
    select
        source_name,
        account_id,
        campaign_id,
        ad_group_id,
        ad_date
        {%- for measure in measures %},
        sum({{ measure }}) as {{ measure }}
        {%- endfor %}
    from ads
    group by source_name, account_id, campaign_id, ad_group_id, ad_date
),

group_rest as (
    select
        ad_groups.ad_performance_key,
        ads_by_group.ad_date is not null as has_lower_level
        {%- for measure in measures %},
        ad_groups.{{ measure }} - coalesce(ads_by_group.{{ measure }}, 0) as {{ measure }}
        {%- endfor %}
    from ad_groups
    left join ads_by_group
        on
            ad_groups.source_name = ads_by_group.source_name
            and ad_groups.account_id = ads_by_group.account_id
            and ad_groups.campaign_id = ads_by_group.campaign_id
            and ad_groups.ad_group_id = ads_by_group.ad_group_id
            and ad_groups.ad_date = ads_by_group.ad_date
),

below_campaign as (
    select
        source_name,
        account_id,
        campaign_id,
        ad_date
        {%- for measure in measures %},
        {{ measure }}
        {%- endfor %}
    from ads
    union all
    select
        ad_groups.source_name,
        ad_groups.account_id,
        ad_groups.campaign_id,
        ad_groups.ad_date
        {%- for measure in measures %},
        group_rest.{{ measure }}
        {%- endfor %}
    from ad_groups
    inner join group_rest
        on ad_groups.ad_performance_key = group_rest.ad_performance_key
),

below_by_campaign as (
    select
        source_name,
        account_id,
        campaign_id,
        ad_date
        {%- for measure in measures %},
        sum({{ measure }}) as {{ measure }}
        {%- endfor %}
    from below_campaign
    group by source_name, account_id, campaign_id, ad_date
),

campaign_rest as (
    select
        campaigns.ad_performance_key,
        below_by_campaign.ad_date is not null as has_lower_level
        {%- for measure in measures %},
        campaigns.{{ measure }} - coalesce(below_by_campaign.{{ measure }}, 0) as {{ measure }}
        {%- endfor %}
    from campaigns
    left join below_by_campaign
        on
            campaigns.source_name = below_by_campaign.source_name
            and campaigns.account_id = below_by_campaign.account_id
            and campaigns.campaign_id = below_by_campaign.campaign_id
            and campaigns.ad_date = below_by_campaign.ad_date
),

allocated as (
    select
        ad_performance_key,
        false as is_unallocated
        {%- for measure in measures %},
        {{ measure }}
        {%- endfor %}
    from ads
    {%- for rest in ['group_rest', 'campaign_rest'] %}
    union all
    select
        ad_performance_key,
        true as is_unallocated
        {%- for measure in measures %},
        {{ measure }}
        {%- endfor %}
    from {{ rest }}
    where
        not has_lower_level
        {%- for measure in measures %}
        or {% if measure == 'conversions' %}abs({{ measure }}) > 0.000001{% else %}{{ measure }} != 0{% endif %}
        {%- endfor %}
    {%- endfor %}
)

select
    ad_performance.ad_performance_key,
    ad_performance.source_name,
    ad_performance.account_id,
    ad_performance.campaign_id,
    ad_performance.ad_group_id,
    ad_performance.ad_group_name,
    ad_performance.ad_id,
    ad_performance.ad_name,
    ad_performance.level,
    ad_performance.account_timezone,
    ad_performance.attribution_window,
    ad_performance.currency_code,
    cast(allocated.impressions as bigint) as impressions,
    cast(allocated.clicks as bigint) as clicks,
    cast(allocated.spend_amount as numeric(18,4)) as spend_amount,
    cast(allocated.conversions as double precision) as conversions,
    cast(allocated.conversion_value_amount as numeric(18,4)) as conversion_value_amount,
    allocated.is_unallocated,
    ad_performance.ad_date
from allocated
inner join ad_performance
    on allocated.ad_performance_key = ad_performance.ad_performance_key
