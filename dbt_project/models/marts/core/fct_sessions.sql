{{ config(
    materialized='incremental',
    unique_key='session_key',
    post_hook="{{ forget_gone(
        ref('fct_web_events'), 'session_key', where='parent.session_event_number = 1'
    ) }}",
) }}

with carted_after_view as (
    select * from {{ ref('int_sessions_carted') }}
),

-- A visit without a login belongs to the person that the browser belongs to, if only later.
devices as (
    select * from {{ ref('int_identifiers_resolved') }}
    where identifier_type = 'device'
),

{% if is_incremental() -%}
-- Whose events changed, or who is somebody else by now; whose week has passed since.
touched_visitors as (
    select web_events.visitor_key
    from {{ ref('fct_web_events') }} as web_events
    where web_events.visitor_key is not null and {{ built_since('web_events') }}
    union
    select own.visitor_key
    from {{ this }} as own
    left join devices
        on own.visitor_key = devices.identifier_key
    left join carted_after_view
        on own.session_key = carted_after_view.session_key
    where
        (not own.is_identified and own.customer_key is distinct from devices.customer_key)
        or own.has_add_to_cart_of_viewed_product != (carted_after_view.session_key is not null)
        or (own.is_followed_in_7d is null)
        = ({{ dbt.dateadd('day', 7, 'own.session_date') }} <= {{ as_of() }})
),

{% endif -%}
web_events as (
    select * from {{ ref('fct_web_events') }}
    where session_key is not null
    {%- if is_incremental() %}
        and visitor_key in (select * from touched_visitors)
    {%- endif %}
),

summed as (
    select
        session_key,
        min(visitor_key) as visitor_key,
        min(store_key) as store_key,
        min(source_name) as source_name,
        min(account_id) as account_id,
        count(*) as event_count,
        sum(case when event_name = 'page_view' then 1 else 0 end) as page_view_count,
        sum(case when event_name = 'view_item' then 1 else 0 end) as product_view_count,
        sum(
            case when event_name = 'purchase' and not is_duplicate_purchase then 1 else 0 end
        ) as order_count,
        sum(engaged_milliseconds) as engaged_milliseconds,
        max(case when event_name = 'add_to_cart' then 1 else 0 end) as add_to_cart,
        max(case when event_name = 'begin_checkout' then 1 else 0 end) as checkout,
        max(case when event_name = 'sign_up' then 1 else 0 end) as sign_up,
        max(case when event_name = 'add_to_wishlist' then 1 else 0 end) as wishlist,
        max(
            case when event_name in ('search', 'view_search_results') then 1 else 0 end
        ) as searched,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at
    from web_events
    group by session_key
),

first_events as (
    select * from web_events
    where session_event_number = 1
),

-- The visit's channel is that of its first event that names a source; without one it is direct.
sourced as (
    select
        session_key,
        channel_key,
        campaign_key,
        traffic_source,
        traffic_medium,
        traffic_campaign,
        click_id_type,
        row_number() over (
            partition by session_key order by session_event_number asc
        ) as source_number
    from web_events
    where channel_key is not null
),

-- Who logged in, or whose order it was.
identified as (
    select
        session_key,
        customer_key,
        row_number() over (
            partition by session_key order by session_event_number asc
        ) as session_rank
    from web_events
    where customer_key is not null
),

timed as (
    select
        summed.*,
        first_events.event_date as session_date,
        cast(
            {{ seconds_between('summed.started_at', 'summed.ended_at') }} as numeric(18, 3)
        ) as duration_seconds,
        cast(summed.engaged_milliseconds as numeric(18, 3)) / 1000 as engaged_seconds,
        row_number() over (
            partition by summed.visitor_key
            order by summed.started_at asc, summed.session_key asc
        ) as session_number,
        lead(summed.started_at) over (
            partition by summed.visitor_key
            order by summed.started_at asc, summed.session_key asc
        ) as next_started_at
    from summed
    inner join first_events
        on summed.session_key = first_events.session_key
),

final as (
    select
        timed.session_key,
        timed.visitor_key,
        timed.store_key,
        coalesce(own_customers.customer_key, devices.customer_key) as customer_key,
        coalesce(sourced.channel_key, 'direct') as channel_key,
        sourced.campaign_key,
        timed.source_name,
        timed.account_id,
        coalesce(sourced.traffic_source, '(direct)') as traffic_source,
        coalesce(sourced.traffic_medium, '(none)') as traffic_medium,
        sourced.traffic_campaign,
        sourced.click_id_type,
        first_events.device_category,
        first_events.browser,
        first_events.operating_system,
        first_events.country_code,
        first_events.region,
        first_events.page_type as landing_page_type,
        first_events.page_path as landing_page_path,
        cast(timed.session_number as bigint) as session_number,
        timed.duration_seconds,
        cast(timed.engaged_seconds as numeric(18, 3)) as engaged_seconds,
        cast(timed.event_count as bigint) as event_count,
        cast(timed.page_view_count as bigint) as page_view_count,
        cast(timed.product_view_count as bigint) as product_view_count,
        cast(timed.order_count as bigint) as order_count,
        own_customers.session_key is not null as is_identified,
        timed.session_number = 1 as is_new_visitor,
        coalesce(timed.engaged_seconds, timed.duration_seconds) >= 10
        or timed.page_view_count >= 2
        or timed.order_count > 0
        or timed.sign_up = 1
        or timed.checkout = 1 as is_engaged,
        case
            when {{ dbt.dateadd('day', 7, 'timed.session_date') }} <= {{ as_of() }}
                then coalesce(
                    timed.next_started_at <= {{ dbt.dateadd('day', 7, 'timed.started_at') }}, false
                )
        end as is_followed_in_7d,
        timed.product_view_count > 0 as has_product_view,
        timed.add_to_cart = 1 as has_add_to_cart,
        carted_after_view.session_key is not null as has_add_to_cart_of_viewed_product,
        timed.checkout = 1 as has_checkout,
        timed.order_count > 0 as has_purchase,
        timed.sign_up = 1 as has_sign_up,
        timed.wishlist = 1 as has_add_to_wishlist,
        timed.searched = 1 as has_search,
        timed.session_date,
        timed.started_at,
        timed.ended_at,
        {{ built_at() }} as _built_at
    from timed
    inner join first_events
        on timed.session_key = first_events.session_key
    left join sourced
        on
            timed.session_key = sourced.session_key
            and sourced.source_number = 1
    left join identified as own_customers
        on
            timed.session_key = own_customers.session_key
            and own_customers.session_rank = 1
    left join devices
        on timed.visitor_key = devices.identifier_key
    left join carted_after_view
        on timed.session_key = carted_after_view.session_key
)

select * from final
