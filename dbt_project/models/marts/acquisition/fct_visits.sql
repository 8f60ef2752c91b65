-- Of a store without events there is what a web analytics tool counted, by day and source.
with sessions as (
    select * from {{ ref('fct_sessions') }}
),

web_traffic as (
    select * from {{ ref('fct_web_traffic_daily') }}
),

signed_up as (
    select distinct session_key
    from {{ ref('fct_email_signups') }}
    where session_key is not null
),

scrolled as (
    select * from {{ ref('int_sessions_scrolled') }}
),

measuring_sources as (
    select distinct
        source_name,
        account_id
    from sessions
    where engaged_seconds is not null
),

visits as (
    select
        sessions.session_key as visit_key,
        sessions.visitor_key,
        sessions.store_key,
        sessions.channel_key,
        sessions.campaign_key,
        sessions.country_code,
        sessions.device_category,
        case when sessions.is_new_visitor then 'new' else 'returning' end as visitor_type,
        1 as visit_count,
        1 as judged_visit_count,
        case when sessions.is_engaged then 0 else 1 end as bounced_visit_count,
        0 as reported_visitor_count,
        0 as reported_new_visitor_count,
        case when measuring_sources.source_name is not null then 1 else 0 end
            as measured_visit_count,
        case
            when measuring_sources.source_name is not null
                then coalesce(sessions.engaged_seconds, 0)
            else 0
        end as engaged_seconds,
        coalesce(scrolled.stepped_page_view_count, 0) as stepped_page_view_count,
        coalesce(scrolled.scroll_percent_sum, 0) as scroll_percent_sum,
        coalesce(scrolled.end_told_page_view_count, 0) as end_told_page_view_count,
        coalesce(scrolled.end_reached_page_view_count, 0) as end_reached_page_view_count,
        signed_up.session_key is not null as has_email_signup,
        false as is_reported,
        sessions.session_date as visit_date
    from sessions
    left join signed_up on sessions.session_key = signed_up.session_key
    left join scrolled on sessions.session_key = scrolled.session_key
    left join measuring_sources
        on
            sessions.source_name = measuring_sources.source_name
            and sessions.account_id = measuring_sources.account_id
    union all
    select
        web_traffic_key as visit_key,
        cast(null as varchar) as visitor_key,
        store_key,
        channel_key,
        campaign_key,
        cast(null as varchar) as country_code,
        cast(null as varchar) as device_category,
        'unknown' as visitor_type,
        session_count as visit_count,
        case when engaged_session_count is not null then session_count else 0 end
            as judged_visit_count,
        coalesce(session_count - engaged_session_count, 0) as bounced_visit_count,
        coalesce(visitor_count, 0) as reported_visitor_count,
        coalesce(new_visitor_count, 0) as reported_new_visitor_count,
        0 as measured_visit_count,
        0 as engaged_seconds,
        0 as stepped_page_view_count,
        0 as scroll_percent_sum,
        0 as end_told_page_view_count,
        0 as end_reached_page_view_count,
        false as has_email_signup,
        true as is_reported,
        traffic_date as visit_date
    from web_traffic
),

final as (
    select
        visit_key,
        visitor_key,
        store_key,
        channel_key,
        campaign_key,
        country_code,
        device_category,
        visitor_type,
        cast(visit_count as bigint) as visit_count,
        cast(judged_visit_count as bigint) as judged_visit_count,
        cast(bounced_visit_count as bigint) as bounced_visit_count,
        cast(reported_visitor_count as bigint) as reported_visitor_count,
        cast(reported_new_visitor_count as bigint) as reported_new_visitor_count,
        cast(measured_visit_count as bigint) as measured_visit_count,
        cast(engaged_seconds as numeric(18, 3)) as engaged_seconds,
        cast(stepped_page_view_count as bigint) as stepped_page_view_count,
        cast(scroll_percent_sum as bigint) as scroll_percent_sum,
        cast(end_told_page_view_count as bigint) as end_told_page_view_count,
        cast(end_reached_page_view_count as bigint) as end_reached_page_view_count,
        has_email_signup,
        is_reported,
        visit_date
    from visits
)

select * from final
