{#
    Who was seen with what: every combination of a customer account, an e-mail address, a phone
    number and a browser that some row of some source names together, and when it first did.
#}
{{ config(materialized='table') }}

{#- Entity, and its columns of account, address, number, browser and time. -#}
{% set absent = 'cast(null as varchar)' %}
{% set namings = [
    ('customers', 'source_customer_key', 'email', 'phone', absent, 'created_at'),
    ('orders', 'source_customer_key', 'email', 'phone', absent, 'placed_at'),
    ('abandoned_checkouts', 'source_customer_key', 'email', 'phone', absent, 'created_at'),
    ('refund_lines', 'source_customer_key', absent, absent, absent, 'processed_at'),
    ('subscriptions', 'source_customer_key', 'email', absent, absent, 'started_at'),
    ('reviews', 'source_customer_key', 'email', absent, absent, 'created_at'),
    ('survey_responses', 'source_customer_key', 'email', absent, absent, 'answered_at'),
    ('support_tickets', 'source_customer_key', 'email', absent, absent, 'created_at'),
    ('email_events', 'source_customer_key', 'email', absent, absent, 'occurred_at'),
    ('loyalty_members', 'source_customer_key', 'email', absent, absent, 'enrolled_at'),
    ('loyalty_events', 'source_customer_key', 'email', absent, absent, 'occurred_at'),
    ('referrals', 'advocate_customer_key', 'advocate_email', absent, absent, 'clicked_at'),
    ('referrals', 'referred_customer_key', 'referred_email', absent, 'visitor_key', 'clicked_at'),
] %}

with orders as (
    select * from {{ ref('int_orders_unioned') }}
),

web_events as (
    select * from {{ ref('int_web_events_prepared') }}
    where visitor_key is not null
),

web_emails as (
    select * from {{ ref('int_web_events_unioned') }}
    where email is not null
),

purchases as (
    select * from {{ ref('int_web_purchases_deduplicated') }}
    where not is_duplicate_purchase
),

exclusions as (
    select * from {{ ref('identity_exclusions') }}
),

-- The browser that reported an order belongs to who placed it.
buyers as (
    select
        orders.source_customer_key,
        orders.email,
        orders.phone,
        web_events.visitor_key,
        purchases.occurred_at
    from purchases
    inner join orders
        on
            purchases.store_key = orders.store_key
            and purchases.order_id = orders.order_id
    inner join web_events on purchases.web_event_key = web_events.web_event_key
),

-- Who logged in or left an address while browsing.
visitors as (
    select
        web_events.source_customer_key,
        web_emails.email,
        web_events.visitor_key,
        web_events.occurred_at
    from web_events
    left join web_emails on web_events.web_event_key = web_emails.web_event_key
    where web_events.source_customer_key is not null or web_emails.email is not null
),

named as (
    {%- for entity, account, email, phone, browser, time in namings %}
        select
            {{ account }} as account_key,
            {{ email }},
            {{ phone }},
            {{ browser }} as device_key,
            {{ time }} as seen_at
        from {{ ref('int_' ~ entity ~ '_unioned') }}
        union all
    {%- endfor %}
    select
        source_customer_key as account_key,
        email,
        phone,
        visitor_key as device_key,
        occurred_at as seen_at
    from buyers
    union all
    select
        source_customer_key as account_key,
        email,
        cast(null as varchar) as phone,
        visitor_key as device_key,
        occurred_at as seen_at
    from visitors
),

normalised as (
    select
        account_key,
        {{ normalised_email('email') }} as email,
        {{ normalised_phone('phone') }} as phone,
        device_key,
        min(seen_at) as first_seen_at
    from named
    group by
        account_key,
        {{ normalised_email('email') }},
        {{ normalised_phone('phone') }},
        device_key
),

-- One hash an address, not one a row; an excluded one names nobody.
emails as (
    select
        texts.email,
        {{ person_key('texts.email') }} as email_key
    from (
        select distinct email from normalised
        where email is not null
    ) as texts
    left join exclusions
        on
            exclusions.identifier_type = 'email'
            and texts.email like exclusions.value_pattern
    where exclusions.identifier_type is null
),

phones as (
    select
        texts.phone,
        {{ phone_key('texts.phone') }} as phone_key
    from (
        select distinct phone from normalised
        where phone is not null
    ) as texts
    left join exclusions
        on
            exclusions.identifier_type = 'phone'
            and texts.phone like exclusions.value_pattern
    where exclusions.identifier_type is null
),

keyed as (
    select
        normalised.account_key,
        emails.email_key,
        phones.phone_key,
        normalised.device_key,
        normalised.first_seen_at
    from normalised
    left join emails on normalised.email = emails.email
    left join phones on normalised.phone = phones.phone
)

select
    {{ surrogate_key(['account_key', 'email_key', 'phone_key', 'device_key']) }} as mention_key,
    account_key,
    email_key,
    phone_key,
    device_key,
    min(first_seen_at) as first_seen_at
from keyed
where account_key is not null or email_key is not null or phone_key is not null
group by
    account_key,
    email_key,
    phone_key,
    device_key
