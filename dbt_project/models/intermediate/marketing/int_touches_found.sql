{#
    What led a person to the shop: the start of each visit, and each click in a message that no visit
    of theirs followed within half an hour.
#}
{{ config(materialized='table') }}

{% set follow_minutes = var('click_follow_minutes') %}

with sessions as (
    select * from {{ ref('fct_sessions') }}
    where customer_key is not null
),

email_events as (
    select * from {{ ref('int_email_events_attached') }}
    where event_type = 'clicked' and not is_machine and customer_key is not null
),

followed as (
    select distinct email_events.email_event_key
    from email_events
    inner join sessions
        on
            email_events.customer_key = sessions.customer_key
            and email_events.occurred_at <= sessions.started_at
            and sessions.started_at
            <= {{ dbt.dateadd('minute', follow_minutes, 'email_events.occurred_at') }}
)

select
    session_key as touch_key,
    customer_key,
    visitor_key,
    session_key,
    store_key,
    channel_key,
    campaign_key,
    'session' as touch_type,
    session_date as touch_date,
    started_at as touched_at
from sessions
union all
select
    email_events.email_event_key as touch_key,
    email_events.customer_key,
    cast(null as varchar) as visitor_key,
    cast(null as varchar) as session_key,
    email_events.store_key,
    email_events.channel as channel_key,
    email_events.campaign_key,
    'click' as touch_type,
    email_events.event_date as touch_date,
    email_events.occurred_at as touched_at
from email_events
left join followed on email_events.email_event_key = followed.email_event_key
where followed.email_event_key is null
