-- A report of a store that has events would count its visits twice.
with web_traffic as (
    select * from {{ ref('int_web_traffic_prepared') }}
),

traffic_sources as (
    select * from {{ ref('int_traffic_sources_classified') }}
    where not is_direct
),

event_sources as (
    select distinct store_key
    from {{ ref('int_event_sources_ranked') }}
),

final as (
    select
        web_traffic.web_traffic_key,
        web_traffic.store_key,
        coalesce(traffic_sources.channel_key, 'direct') as channel_key,
        traffic_sources.campaign_key,
        web_traffic.source_name,
        web_traffic.account_id,
        coalesce(traffic_sources.traffic_source, '(direct)') as traffic_source,
        coalesce(traffic_sources.traffic_medium, '(none)') as traffic_medium,
        web_traffic.traffic_campaign,
        web_traffic.session_count,
        web_traffic.engaged_session_count,
        web_traffic.visitor_count,
        web_traffic.new_visitor_count,
        web_traffic.page_view_count,
        web_traffic.is_sampled_or_thresholded,
        web_traffic.traffic_date
    from web_traffic
    left join traffic_sources
        on web_traffic.traffic_source_key = traffic_sources.traffic_source_key
    left join event_sources on web_traffic.store_key = event_sources.store_key
    where event_sources.store_key is null
)

select * from final
