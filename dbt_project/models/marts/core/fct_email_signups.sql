{#
    Who signed up for e-mail. Where a store's provider tells sign-ups they count, with the visit in
    which they happened if one is known; else the sign-ups that the shop's events tell.
#}
{% set grace_minutes = var('click_follow_minutes') %}

with email_events as (
    select * from {{ ref('int_email_events_attached') }}
    where event_type = 'subscribed' and channel = 'email'
),

sessions as (
    select * from {{ ref('fct_sessions') }}
),

web_events as (
    select * from {{ ref('fct_web_events') }}
    where event_name = 'sign_up' and session_key is not null
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

telling_stores as (
    select distinct store_key
    from email_events
),

matched as (
    select
        email_events.email_event_key,
        sessions.session_key,
        row_number() over (
            partition by email_events.email_event_key
            order by sessions.has_sign_up desc, sessions.started_at desc, sessions.session_key asc
        ) as session_rank
    from email_events
    inner join sessions
        on
            email_events.store_key = sessions.store_key
            and email_events.customer_key = sessions.customer_key
            and email_events.occurred_at >= sessions.started_at
            and email_events.occurred_at
            <= {{ dbt.dateadd('minute', grace_minutes, 'sessions.ended_at') }}
),

sign_ups as (
    select
        email_events.email_event_key as email_signup_key,
        email_events.store_key,
        email_events.customer_key,
        matched.session_key,
        email_events.source_name,
        email_events.account_id,
        email_events.event_date as signup_date,
        email_events.occurred_at as signed_up_at
    from email_events
    left join matched
        on
            email_events.email_event_key = matched.email_event_key
            and matched.session_rank = 1
    union all
    select
        web_events.web_event_key as email_signup_key,
        web_events.store_key,
        web_events.customer_key,
        web_events.session_key,
        web_events.source_name,
        web_events.account_id,
        web_events.event_date as signup_date,
        web_events.occurred_at as signed_up_at
    from web_events
    left join telling_stores on web_events.store_key = telling_stores.store_key
    where telling_stores.store_key is null
),

final as (
    select
        sign_ups.email_signup_key,
        sign_ups.store_key,
        coalesce(sign_ups.customer_key, sessions.customer_key) as customer_key,
        sessions.visitor_key,
        sign_ups.session_key,
        sessions.channel_key,
        sessions.campaign_key,
        campaigns.ad_platform,
        sessions.country_code,
        sessions.device_category,
        sign_ups.source_name,
        sign_ups.account_id,
        sign_ups.signup_date,
        sign_ups.signed_up_at
    from sign_ups
    left join sessions on sign_ups.session_key = sessions.session_key
    left join campaigns on sessions.campaign_key = campaigns.campaign_key
)

select * from final
