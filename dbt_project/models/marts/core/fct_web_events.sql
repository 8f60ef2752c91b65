{{ config(
    materialized='incremental',
    unique_key='web_event_key',
    post_hook="{{ forget_gone(ref('int_web_events_sessionized'), 'web_event_key') }}",
) }}

with web_events as (
    select * from {{ ref('int_web_events_prepared') }}
),

purchases as (
    select * from {{ ref('int_web_purchases_deduplicated') }}
),

traffic_sources as (
    select * from {{ ref('int_traffic_sources_classified') }}
    where not is_direct
),

customers as (
    select * from {{ ref('int_customers_resolved') }}
),

reported_orders as (
    select * from {{ ref('int_orders_sessionized') }}
),

pages as (
    select * from {{ ref('int_pages_classified') }}
),

{% if is_incremental() -%}
-- Events that name the same as before, but it has come to mean something else.
renamed as (
    select own.web_event_key
    from {{ this }} as own
    left join purchases
        on own.web_event_key = purchases.web_event_key
    left join traffic_sources
        on own.traffic_source_key = traffic_sources.traffic_source_key
    left join customers
        on own.source_customer_key = customers.source_customer_key
    left join reported_orders
        on own.web_event_key = reported_orders.web_event_key
    where
        (
            own.event_name = 'purchase'
            or own.traffic_source_key is not null
            or own.source_customer_key is not null
        )
        and (
            own.is_duplicate_purchase != coalesce(purchases.is_duplicate_purchase, false)
            or own.channel_key is distinct from traffic_sources.channel_key
            or own.campaign_key is distinct from traffic_sources.campaign_key
            or own.customer_key
            is distinct from coalesce(reported_orders.customer_key, customers.customer_key)
        )
),

touched_events as (
    select * from renamed
    union
    select rebuilt.web_event_key
    from {{ ref('int_web_events_sessionized') }} as rebuilt
    where {{ built_since('rebuilt') }}
),

{% endif -%}
sessionized as (
    select * from {{ ref('int_web_events_sessionized') }}
    {%- if is_incremental() %}
    where web_event_key in (select * from touched_events)
    {%- endif %}
),

final as (
    select
        web_events.web_event_key,
        sessionized.session_key,
        web_events.visitor_key,
        sessionized.page_view_key,
        web_events.store_key,
        web_events.source_customer_key,
        coalesce(reported_orders.customer_key, customers.customer_key) as customer_key,
        web_events.traffic_source_key,
        traffic_sources.channel_key,
        traffic_sources.campaign_key,
        web_events.source_name,
        web_events.account_id,
        web_events.event_name,
        pages.page_type,
        web_events.page_path,
        traffic_sources.traffic_source,
        traffic_sources.traffic_medium,
        traffic_sources.traffic_campaign,
        traffic_sources.click_id_type,
        web_events.device_category,
        web_events.browser,
        web_events.operating_system,
        web_events.country_code,
        web_events.region,
        web_events.order_id,
        web_events.currency_code,
        web_events.search_term,
        web_events.experiment_id,
        web_events.variant,
        sessionized.session_event_number,
        web_events.value_store_amount,
        web_events.scroll_percent,
        web_events.engaged_milliseconds,
        web_events.has_consent,
        web_events.is_bot,
        sessionized.is_primary_source,
        coalesce(purchases.is_duplicate_purchase, false) as is_duplicate_purchase,
        web_events.event_date,
        web_events.occurred_at,
        web_events.received_at,
        {{ built_at() }} as _built_at
    from web_events
    inner join sessionized
        on web_events.web_event_key = sessionized.web_event_key
    left join purchases
        on web_events.web_event_key = purchases.web_event_key
    left join traffic_sources
        on web_events.traffic_source_key = traffic_sources.traffic_source_key
    left join customers
        on web_events.source_customer_key = customers.source_customer_key
    left join reported_orders
        on web_events.web_event_key = reported_orders.web_event_key
    left join pages
        on lower(web_events.page_path) = pages.page_path
)

select * from final
