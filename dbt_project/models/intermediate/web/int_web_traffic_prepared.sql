-- Reported traffic with its store, and its source in the words of events.
with web_traffic as (
    select * from {{ ref('int_web_traffic_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

in_stores as (
    select
        web_traffic.web_traffic_key,
        coalesce(accounts.store_key, 'unassigned') as store_key,
        web_traffic.source_name,
        web_traffic.account_id,
        {{ known_text('web_traffic.traffic_source') }} as traffic_source,
        {{ known_text('web_traffic.traffic_medium') }} as traffic_medium,
        {{ known_text('web_traffic.traffic_campaign') }} as traffic_campaign,
        {{ known_text('web_traffic.traffic_campaign_id') }} as traffic_campaign_id,
        cast(null as varchar) as click_id_type,
        cast(null as varchar) as referrer_host,
        coalesce(web_traffic.session_count, 0) as session_count,
        web_traffic.engaged_session_count,
        web_traffic.visitor_count,
        web_traffic.new_visitor_count,
        web_traffic.page_view_count,
        coalesce(web_traffic.is_sampled_or_thresholded, false) as is_sampled_or_thresholded,
        web_traffic.traffic_date
    from web_traffic
    left join accounts
        on
            web_traffic.source_name = accounts.source_name
            and web_traffic.account_id = accounts.account_id
    where web_traffic.traffic_date is not null
)

select
    web_traffic_key,
    case
        when
            coalesce(traffic_source, traffic_medium, traffic_campaign, traffic_campaign_id)
            is not null
            then {{ surrogate_key([
                'store_key', 'traffic_source', 'traffic_medium', 'traffic_campaign',
                'traffic_campaign_id', 'click_id_type', 'referrer_host',
            ]) }}
    end as traffic_source_key,
    store_key,
    source_name,
    account_id,
    traffic_source,
    traffic_medium,
    traffic_campaign,
    traffic_campaign_id,
    click_id_type,
    referrer_host,
    session_count,
    engaged_session_count,
    visitor_count,
    new_visitor_count,
    page_view_count,
    is_sampled_or_thresholded,
    traffic_date
from in_stores
