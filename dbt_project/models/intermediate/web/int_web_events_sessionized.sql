{#
    Every event with its session. A source's own session id is kept; elsewhere a session ends after
    session_timeout_minutes without an event, and neither at midnight nor on a new campaign.
#}
{{ config(
    materialized='incremental',
    unique_key='web_event_key',
    post_hook="{{ forget_gone(ref('int_web_events_prepared'), 'web_event_key') }}",
) }}

with event_sources as (
    select * from {{ ref('int_event_sources_ranked') }}
),

{% if is_incremental() -%}
stored_days as (
    select distinct {{ event_day() }} as stored_date, store_key, is_primary_source, event_date
    from {{ this }}
),

-- Days whose events have changed, and those on which another source counts than did.
touched_days as (
    {{ touched_days(ref('int_web_events_prepared'), '_built_at') }}
    union
    select
        stored_days.source_name,
        stored_days.account_id,
        stored_days.stored_date
    from stored_days
    left join event_sources
        on
            stored_days.store_key = event_sources.store_key
            and stored_days.source_name = event_sources.source_name
            and stored_days.event_date >= event_sources.valid_from
            and stored_days.event_date < event_sources.valid_to
    where stored_days.is_primary_source != (event_sources.store_key is not null)
),

-- One event more or less can join or part a visitor's sessions, and number all that follow.
touched_visitors as (
    select visitor_key from {{ ref('int_web_events_prepared') }}
    where visitor_key is not null and ({{ event_day() }}) in (select * from touched_days)
    union
    select visitor_key from {{ this }}
    where visitor_key is not null and ({{ event_day() }}) in (select * from touched_days)
),

{% endif -%}
web_events as (
    select * from {{ ref('int_web_events_prepared') }}
    {%- if is_incremental() %}
    where visitor_key in (select * from touched_visitors)
    union all
    select * from {{ ref('int_web_events_prepared') }}
    where visitor_key is null and ({{ event_day() }}) in (select * from touched_days)
    {%- endif %}
),

flagged as (
    select
        web_events.web_event_key,
        web_events.visitor_key,
        web_events.store_key,
        web_events.source_name,
        web_events.account_id,
        web_events.session_id,
        web_events.event_name,
        web_events.event_date,
        web_events.occurred_at,
        event_sources.store_key is not null as is_primary_source,
        event_sources.store_key is not null
        and web_events.visitor_key is not null
        and not web_events.is_bot as is_in_session
    from web_events
    left join event_sources
        on
            web_events.store_key = event_sources.store_key
            and web_events.source_name = event_sources.source_name
            and web_events.event_date >= event_sources.valid_from
            and web_events.event_date < event_sources.valid_to
),

with_own_session as (
    select
        web_event_key,
        event_name,
        occurred_at,
        {{ surrogate_key(['visitor_key', 'session_id']) }} as session_key
    from flagged
    where is_in_session and session_id is not null
),

gaps as (
    select
        web_event_key,
        visitor_key,
        event_name,
        occurred_at,
        lag(occurred_at) over (
            partition by visitor_key order by occurred_at asc, web_event_key asc
        ) as previous_at
    from flagged
    where is_in_session and session_id is null
),

starts as (
    select
        web_event_key,
        visitor_key,
        event_name,
        occurred_at,
        sum(
            case
                when
                    occurred_at
                    <= {{ dbt.dateadd('minute', var('session_timeout_minutes'), 'previous_at') }}
                    then 0
                else 1
            end
        ) over (
            partition by visitor_key
            order by occurred_at asc, web_event_key asc
            rows between unbounded preceding and current row
        ) as visit_number
    from gaps
),

with_timeout as (
    select
        web_event_key,
        event_name,
        occurred_at,
        -- Named by its first event: a later visit does not rename an earlier one.
        first_value(web_event_key) over (
            partition by visitor_key, visit_number
            order by occurred_at asc, web_event_key asc
        ) as session_key
    from starts
),

in_sessions as (
    select
        web_event_key,
        session_key,
        event_name,
        occurred_at
    from with_own_session
    union all
    select
        web_event_key,
        session_key,
        event_name,
        occurred_at
    from with_timeout
),

-- Of events at one instant the page view comes first: the others happened on its page.
numbered as (
    select
        web_event_key,
        session_key,
        row_number() over (
            partition by session_key
            order by
                occurred_at asc,
                case when event_name = 'page_view' then 0 else 1 end asc,
                web_event_key asc
        ) as session_event_number,
        sum(case when event_name = 'page_view' then 1 else 0 end) over (
            partition by session_key
            order by
                occurred_at asc,
                case when event_name = 'page_view' then 0 else 1 end asc,
                web_event_key asc
            rows between unbounded preceding and current row
        ) as page_view_number
    from in_sessions
)

select
    flagged.web_event_key,
    numbered.session_key,
    case
        when numbered.page_view_number > 0
            then {{ surrogate_key(['numbered.session_key', 'numbered.page_view_number']) }}
    end as page_view_key,
    flagged.visitor_key,
    flagged.store_key,
    flagged.source_name,
    flagged.account_id,
    cast(numbered.session_event_number as bigint) as session_event_number,
    flagged.is_primary_source,
    flagged.event_date,
    flagged.occurred_at,
    {{ built_at() }} as _built_at
from flagged
left join numbered
    on flagged.web_event_key = numbered.web_event_key
