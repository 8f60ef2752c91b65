with source as (
    select * from {{ source('web_events', 'events') }}
),

renamed as (
    select
        _account_id as account_id,
        event_id,
        case
            when type in ('page', 'screen') then 'page_view'
            when type = 'track'
                -- Segment's names of what happens in a shop; others in the same spelling.
                then case lower(trim(event))
                    when 'session started' then 'session_start'
                    when 'product viewed' then 'view_item'
                    when 'product added' then 'add_to_cart'
                    when 'product removed' then 'remove_from_cart'
                    when 'product added to wishlist' then 'add_to_wishlist'
                    when 'product list viewed' then 'view_item_list'
                    when 'products searched' then 'search'
                    when 'cart viewed' then 'view_cart'
                    when 'checkout started' then 'begin_checkout'
                    when 'payment info entered' then 'add_payment_info'
                    when 'order completed' then 'purchase'
                    when 'order refunded' then 'refund'
                    when 'signed up' then 'sign_up'
                    when 'signed in' then 'login'
                    when 'logged in' then 'login'
                    when 'page scrolled' then 'scroll'
                    else replace(lower(trim(event)), ' ', '_')
                end
            else type
        end as event_name,
        {{ blank_to_null('anonymous_id') }} as visitor_id,
        {{ blank_to_null('user_id') }} as customer_id,
        {{ blank_to_null('trait__email') }} as email,
        {{ blank_to_null('session_id') }} as session_id,
        {{ blank_to_null('write_key') }} as stream_id,
        coalesce(
            {{ blank_to_null('page__url') }}, {{ blank_to_null('property__url') }}
        ) as page_url,
        coalesce(
            {{ blank_to_null('page__title') }}, {{ blank_to_null('property__title') }}
        ) as page_title,
        coalesce(
            {{ blank_to_null('page__referrer') }}, {{ blank_to_null('property__referrer') }}
        ) as referrer_url,
        {{ blank_to_null('campaign__source') }} as utm_source,
        {{ blank_to_null('campaign__medium') }} as utm_medium,
        {{ blank_to_null('campaign__name') }} as utm_campaign,
        {{ blank_to_null('campaign__id') }} as utm_id,
        {{ blank_to_null('campaign__content') }} as utm_content,
        {{ blank_to_null('campaign__term') }} as utm_term,
        coalesce(
            {{ url_parameter('page__url', 'gclid') }},
            {{ url_parameter('page__url', 'gbraid') }},
            {{ url_parameter('page__url', 'wbraid') }}
        ) as gclid,
        {{ url_parameter('page__url', 'fbclid') }} as fbclid,
        {{ url_parameter('page__url', 'ttclid') }} as ttclid,
        {{ url_parameter('page__url', 'epik') }} as epik,
        {{ url_parameter('page__url', 'msclkid') }} as msclkid,
        device__category as device_category,
        device__browser as browser,
        device__os as operating_system,
        {{ blank_to_null('user_agent') }} as user_agent,
        {{ blank_to_null('location__country') }} as country_code,
        {{ blank_to_null('location__region') }} as region,
        {{ blank_to_null('location__city') }} as city,
        {{ blank_to_null('property__order_id') }} as order_id,
        upper({{ blank_to_null('property__currency') }}) as currency_code,
        cast(property__value as numeric(18, 4)) as value_amount,
        {{ blank_to_null('property__query') }} as search_term,
        {{ blank_to_null('property__experiment_id') }} as experiment_id,
        {{ blank_to_null('property__variation') }} as variant,
        property__percent_scrolled as scroll_percent,
        property__engagement_msec as engaged_milliseconds,
        coalesce(has_consent, true)
        and {{ blank_to_null('anonymous_id') }} is not null as has_consent,
        {{ to_utc('occurred_at') }} as occurred_at,
        {{ to_utc('received_at') }} as received_at,
        _loaded_at
    from source
    -- A message that tells no time can be put on no day.
    where occurred_at is not null
)

select * from renamed
