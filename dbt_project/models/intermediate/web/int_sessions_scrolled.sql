-- How far a visit's pages were scrolled, where the source tells. One that tells steps of a quarter
-- or finer tells a depth; one that tells the end of the page alone tells whether it was reached.
{% set finest_step = 25 %}

with web_events as (
    select * from {{ ref('fct_web_events') }}
    where session_key is not null
),

sources as (
    select
        source_name,
        account_id,
        min(scroll_percent) <= {{ finest_step }} as has_steps
    from web_events
    where event_name = 'scroll' and scroll_percent is not null
    group by source_name, account_id
),

page_views as (
    select
        session_key,
        page_view_key,
        source_name,
        account_id,
        max(case when event_name = 'scroll' then scroll_percent end) as scroll_percent,
        sum(case when event_name = 'page_view' then 1 else 0 end) as page_view_count
    from web_events
    where event_name in ('page_view', 'scroll') and page_view_key is not null
    group by session_key, page_view_key, source_name, account_id
),

told as (
    select
        page_views.session_key,
        case when sources.has_steps then page_views.page_view_count end as stepped_count,
        case when sources.has_steps then page_views.scroll_percent end as scroll_percent,
        case when not sources.has_steps then page_views.page_view_count end as end_told_count,
        case when not sources.has_steps and page_views.scroll_percent >= 90 then 1 end
            as end_reached_count
    from page_views
    inner join sources
        on
            page_views.source_name = sources.source_name
            and page_views.account_id = sources.account_id
)

select
    session_key,
    cast(coalesce(sum(stepped_count), 0) as bigint) as stepped_page_view_count,
    cast(coalesce(sum(scroll_percent), 0) as bigint) as scroll_percent_sum,
    cast(coalesce(sum(end_told_count), 0) as bigint) as end_told_page_view_count,
    cast(coalesce(sum(end_reached_count), 0) as bigint) as end_reached_page_view_count
from told
group by session_key
