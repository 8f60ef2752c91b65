{#
    Ad performance at the lowest level that tells it, so that its rows can be summed. The campaign
    level is the truth of spend: what it has beyond its ads, or its ad groups, is a row of its own.
#}
{%- set measures = [
    'impressions', 'clicks', 'spend_amount', 'conversions', 'conversion_value_amount',
] -%}

with ad_performance as (
    select * from {{ ref('int_ad_performance_unioned') }}
    where ad_date is not null
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
        {%- for measure in measures %}
            sum({{ measure }}) as {{ measure }},
        {%- endfor %}
        ad_date
    from ads
    group by source_name, account_id, campaign_id, ad_group_id, ad_date
),

group_rests as (
    select
        ad_groups.ad_performance_key,
        ad_groups.source_name,
        ad_groups.account_id,
        ad_groups.campaign_id,
        {%- for measure in measures %}
            ad_groups.{{ measure }} - coalesce(ads_by_group.{{ measure }}, 0) as {{ measure }},
        {%- endfor %}
        ads_by_group.ad_date is not null as has_lower_level,
        ad_groups.ad_date
    from ad_groups
    left join ads_by_group
        on
            ad_groups.source_name = ads_by_group.source_name
            and ad_groups.account_id = ads_by_group.account_id
            and ad_groups.campaign_id = ads_by_group.campaign_id
            and ad_groups.ad_group_id = ads_by_group.ad_group_id
            and ad_groups.ad_date = ads_by_group.ad_date
),

below_campaigns as (
    select
        source_name,
        account_id,
        campaign_id,
        {%- for measure in measures %}
            {{ measure }},
        {%- endfor %}
        ad_date
    from ads
    union all
    select
        source_name,
        account_id,
        campaign_id,
        {%- for measure in measures %}
            {{ measure }},
        {%- endfor %}
        ad_date
    from group_rests
),

below_by_campaign as (
    select
        source_name,
        account_id,
        campaign_id,
        {%- for measure in measures %}
            sum({{ measure }}) as {{ measure }},
        {%- endfor %}
        ad_date
    from below_campaigns
    group by source_name, account_id, campaign_id, ad_date
),

campaign_rests as (
    select
        campaigns.ad_performance_key,
        {%- for measure in measures %}
            campaigns.{{ measure }}
            - coalesce(below_by_campaign.{{ measure }}, 0) as {{ measure }},
        {%- endfor %}
        below_by_campaign.ad_date is not null as has_lower_level
    from campaigns
    left join below_by_campaign
        on
            campaigns.source_name = below_by_campaign.source_name
            and campaigns.account_id = below_by_campaign.account_id
            and campaigns.campaign_id = below_by_campaign.campaign_id
            and campaigns.ad_date = below_by_campaign.ad_date
),

rests as (
    select
        ad_performance_key,
        {%- for measure in measures %}
            {{ measure }},
        {%- endfor %}
        has_lower_level
    from group_rests
    union all
    select
        ad_performance_key,
        {%- for measure in measures %}
            {{ measure }},
        {%- endfor %}
        has_lower_level
    from campaign_rests
),

allocated as (
    select
        ad_performance_key,
        {%- for measure in measures %}
            {{ measure }},
        {%- endfor %}
        false as is_unallocated
    from ads
    union all
    select
        ad_performance_key,
        {%- for measure in measures %}
            {{ measure }},
        {%- endfor %}
        true as is_unallocated
    from rests
    where
        not has_lower_level
        or impressions != 0
        or clicks != 0
        or spend_amount != 0
        or conversion_value_amount != 0
        -- Conversions are fractions in floating point: their sums differ in the last digits.
        or abs(conversions) > 0.000001
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
    cast(allocated.spend_amount as numeric(18, 4)) as spend_amount,
    cast(allocated.conversions as double precision) as conversions,
    cast(allocated.conversion_value_amount as numeric(18, 4)) as conversion_value_amount,
    allocated.is_unallocated,
    ad_performance.ad_date
from allocated
inner join ad_performance
    on allocated.ad_performance_key = ad_performance.ad_performance_key
