{{ config(
    materialized='incremental',
    unique_key='web_event_key',
    post_hook="{{ forget_gone_in_days(ref('int_web_events_unioned'), 'web_event_key') }}",
) }}

{#- Days that changed, and all of accounts whose store is another, or cuts its days elsewhere. -#}
{% set touched -%}
    {{ touched_days(ref('int_web_events_unioned'), '_loaded_at') }}
    union
    select distinct
        own.source_name,
        own.account_id,
        {{ utc_day('own.occurred_at') }} as touched_date
    from {{ this }} as own
    left join {{ ref('int_account_stores_resolved') }} as accounts
        on
            own.source_name = accounts.source_name
            and own.account_id = accounts.account_id
    where
        own.store_key != coalesce(accounts.store_key, 'unassigned')
        or own.timezone != coalesce(accounts.timezone, 'UTC')
{%- endset %}

with web_events as (
    select * from {{ ref('int_web_events_unioned') }}
    where
        occurred_at is not null
        and {{ in_days(touched) if is_incremental() else 'true' }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

bot_user_agents as (
    select * from {{ ref('bot_user_agents') }}
),

countries as (
    select * from {{ ref('countries') }}
),

user_agents as (
    select distinct lower(user_agent) as user_agent
    from web_events
    where user_agent is not null
),

bots as (
    select distinct user_agents.user_agent
    from user_agents
    inner join bot_user_agents
        on user_agents.user_agent like '%' || bot_user_agents.user_agent_part || '%'
),

browsers as (
    select distinct
        source_name,
        account_id,
        visitor_id
    from web_events
    where visitor_id is not null
),

-- One hash a browser, not one an event; and in no run one of an event that it does not touch.
visitors as (
    select
        source_name,
        account_id,
        visitor_id,
        {{ person_key(joined_ids(['source_name', 'account_id', 'visitor_id'])) }} as browser_key
    from browsers
),

in_stores as (
    select
        web_events.*,
        visitors.browser_key,
        coalesce(accounts.store_key, 'unassigned') as store_key,
        coalesce(accounts.timezone, 'UTC') as timezone,
        coalesce(countries.country_code, web_events.country_code) as country,
        bots.user_agent is not null as is_bot,
        coalesce(web_events.has_consent, true) as is_measurable,
        coalesce(accounts.store_source_name, web_events.source_name) as customer_source_name,
        coalesce(accounts.store_account_id, web_events.account_id) as customer_account_id,
        {{ to_timezone('web_events.occurred_at', "coalesce(accounts.timezone, 'UTC')") }}
            as occurred_locally_at,
        {{ url_host('web_events.page_url') }} as page_host,
        {{ url_host('web_events.referrer_url') }} as referring_host,
        {{ known_text('web_events.utm_source') }} as traffic_source,
        {{ known_text('web_events.utm_medium') }} as traffic_medium,
        {{ known_text('web_events.utm_campaign') }} as traffic_campaign,
        {{ known_text('web_events.utm_id') }} as traffic_campaign_id,
        case
            when web_events.gclid is not null then 'google'
            when web_events.msclkid is not null then 'microsoft'
            when web_events.ttclid is not null then 'tiktok'
            when web_events.epik is not null then 'pinterest'
            when web_events.fbclid is not null then 'meta'
        end as click_id_type
    from web_events
    left join accounts
        on
            web_events.source_name = accounts.source_name
            and web_events.account_id = accounts.account_id
    left join visitors
        on
            web_events.source_name = visitors.source_name
            and web_events.account_id = visitors.account_id
            and web_events.visitor_id = visitors.visitor_id
    left join countries
        on lower(web_events.country_code) = countries.country_name
    left join bots
        on lower(web_events.user_agent) = bots.user_agent
),

-- The shop's own pages refer to each other all the time: that is no source of a visit.
referred as (
    select
        in_stores.*,
        case
            when
                in_stores.traffic_source is null
                and in_stores.referring_host != coalesce(in_stores.page_host, '')
                then in_stores.referring_host
        end as referrer_host
    from in_stores
),

traced as (
    select
        referred.*,
        coalesce(
            referred.traffic_source,
            referred.traffic_medium,
            referred.traffic_campaign,
            referred.traffic_campaign_id,
            referred.click_id_type,
            referred.referrer_host
        ) is not null as has_traffic_source
    from referred
)

select
    web_event_key,
    case when is_measurable then browser_key end as visitor_key,
    store_key,
    -- The id of a login is the shop's: the key is that of its customer account.
    case
        when is_measurable and customer_id is not null
            then {{ person_key(joined_ids([
                'customer_source_name', 'customer_account_id', 'customer_id',
            ])) }}
    end as source_customer_key,
    case
        when has_traffic_source
            then {{ surrogate_key([
                'store_key', 'traffic_source', 'traffic_medium', 'traffic_campaign',
                'traffic_campaign_id', 'click_id_type', 'referrer_host',
            ]) }}
    end as traffic_source_key,
    source_name,
    account_id,
    event_name,
    session_id,
    {{ without_address(url_path('page_url')) }} as page_path,
    traffic_source,
    traffic_medium,
    traffic_campaign,
    traffic_campaign_id,
    click_id_type,
    referrer_host,
    device_category,
    browser,
    operating_system,
    country as country_code,
    region,
    order_id,
    currency_code,
    {{ without_address('search_term') }} as search_term,
    experiment_id,
    variant,
    timezone,
    value_amount as value_store_amount,
    scroll_percent,
    engaged_milliseconds,
    is_measurable and browser_key is not null as has_consent,
    is_bot,
    cast(occurred_locally_at as date) as event_date,
    occurred_at,
    received_at,
    _loaded_at,
    {{ built_at() }} as _built_at
from traced
