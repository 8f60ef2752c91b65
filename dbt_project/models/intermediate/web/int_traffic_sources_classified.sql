{#
    The channel of every combination of traffic source that was seen: rules run on some hundred
    combinations instead of on every event.
#}
{{ config(materialized='table') }}

with seen as (
    select * from {{ ref('int_traffic_sources_seen') }}
),

source_categories as (
    select * from {{ ref('source_categories') }}
),

channel_rules as (
    select * from {{ ref('channel_rules') }}
),

ad_campaigns as (
    select * from {{ ref('int_campaigns_classified') }}
),

email_campaigns as (
    select * from {{ ref('int_email_campaigns_classified') }}
),

campaigns as (
    select
        campaign_key,
        store_key,
        channel_key,
        campaign_id,
        campaign_name,
        last_ad_date as last_date
    from ad_campaigns
    union all
    select
        campaign_key,
        store_key,
        channel_key,
        campaign_id,
        campaign_name,
        cast(sent_at as date) as last_date
    from email_campaigns
),

combinations as (
    select
        *,
        coalesce(traffic_source, referrer_host, click_id_type) as origin
    from seen
),

-- A name of the seed fits a source where it is a whole part of it: google in www.google.de.
categorised as (
    select
        combinations.traffic_source_key,
        source_categories.source_category,
        row_number() over (
            partition by combinations.traffic_source_key
            order by source_categories.precedence asc, source_categories.source asc
        ) as match_number
    from combinations
    inner join source_categories
        on
            '.' || translate(combinations.origin, '_- /', '....') || '.'
            like '%.' || source_categories.source || '.%'
),

described as (
    select
        combinations.traffic_source_key,
        combinations.store_key,
        combinations.click_id_type,
        combinations.traffic_campaign,
        combinations.traffic_campaign_id,
        categorised.source_category,
        coalesce(combinations.origin, '(not set)') as origin,
        case
            when combinations.traffic_medium is not null then combinations.traffic_medium
            when combinations.traffic_source is not null then '(not set)'
            when combinations.referrer_host is null then '(not set)'
            when categorised.source_category = 'search' then 'organic'
            else 'referral'
        end as medium,
        -- Coming back from the payment page is no visit of its own.
        coalesce(categorised.source_category, '') = 'payment'
        and coalesce(
            combinations.traffic_source,
            combinations.traffic_medium,
            combinations.traffic_campaign,
            combinations.traffic_campaign_id,
            combinations.click_id_type
        ) is null as is_direct
    from combinations
    left join categorised
        on
            combinations.traffic_source_key = categorised.traffic_source_key
            and categorised.match_number = 1
),

ruled as (
    select
        described.traffic_source_key,
        min(channel_rules.rule_number) as rule_number
    from described
    inner join channel_rules
        on
            (
                coalesce(channel_rules.click_id_pattern, '') = ''
                or {{ regexp_matches(
                    "coalesce(described.click_id_type, '')", 'channel_rules.click_id_pattern'
                ) }}
            )
            and (
                coalesce(channel_rules.source_category, '') = ''
                or described.source_category = channel_rules.source_category
            )
            and (
                coalesce(channel_rules.source_pattern, '') = ''
                or {{ regexp_matches('described.origin', 'channel_rules.source_pattern') }}
            )
            and (
                coalesce(channel_rules.medium_pattern, '') = ''
                or {{ regexp_matches('described.medium', 'channel_rules.medium_pattern') }}
            )
            and (
                coalesce(channel_rules.campaign_pattern, '') = ''
                or {{ regexp_matches(
                    "coalesce(described.traffic_campaign, '')", 'channel_rules.campaign_pattern'
                ) }}
            )
    group by described.traffic_source_key
),

-- A campaign's own id says more than its name, and a name may be used twice.
named_campaigns as (
    select
        described.traffic_source_key,
        campaigns.campaign_key,
        campaigns.channel_key,
        row_number() over (
            partition by described.traffic_source_key
            order by
                case when described.traffic_campaign_id = campaigns.campaign_id then 0 else 1 end
                asc,
                case when campaigns.last_date is null then 1 else 0 end asc,
                campaigns.last_date desc,
                campaigns.campaign_key asc
        ) as match_number
    from described
    inner join campaigns
        on
            described.store_key = campaigns.store_key
            and (
                described.traffic_campaign_id = campaigns.campaign_id
                or described.traffic_campaign = campaigns.campaign_id
                or described.traffic_campaign = lower(trim(campaigns.campaign_name))
            )
)

select
    described.traffic_source_key,
    described.store_key,
    named_campaigns.campaign_key,
    case
        when described.is_direct then 'direct'
        else coalesce(named_campaigns.channel_key, channel_rules.channel_key)
    end as channel_key,
    described.origin as traffic_source,
    described.medium as traffic_medium,
    described.traffic_campaign,
    described.source_category,
    described.click_id_type,
    described.is_direct
from described
inner join ruled
    on described.traffic_source_key = ruled.traffic_source_key
inner join channel_rules
    on ruled.rule_number = channel_rules.rule_number
left join named_campaigns
    on
        described.traffic_source_key = named_campaigns.traffic_source_key
        and named_campaigns.match_number = 1
