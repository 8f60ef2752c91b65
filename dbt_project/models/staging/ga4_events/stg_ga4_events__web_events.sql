with source as (
    select * from {{ source('ga4_events', 'events') }}
),

renamed as (
    select
        _account_id as account_id,
        event_id,
        lower(event_name) as event_name,
        {{ blank_to_null('user_pseudo_id') }} as visitor_id,
        {{ blank_to_null('user_id') }} as customer_id,
        cast(null as varchar) as email,
        cast(param__ga_session_id as varchar) as session_id,
        stream_id,
        {{ blank_to_null('param__page_location') }} as page_url,
        {{ blank_to_null('param__page_title') }} as page_title,
        {{ blank_to_null('param__page_referrer') }} as referrer_url,
        coalesce(
            {{ blank_to_null('collected_traffic_source__manual_source') }},
            {{ blank_to_null('param__source') }}
        ) as utm_source,
        coalesce(
            {{ blank_to_null('collected_traffic_source__manual_medium') }},
            {{ blank_to_null('param__medium') }}
        ) as utm_medium,
        coalesce(
            {{ blank_to_null('collected_traffic_source__manual_campaign_name') }},
            {{ blank_to_null('param__campaign') }}
        ) as utm_campaign,
        coalesce(
            {{ blank_to_null('collected_traffic_source__manual_campaign_id') }},
            {{ blank_to_null('param__campaign_id') }}
        ) as utm_id,
        coalesce(
            {{ blank_to_null('collected_traffic_source__manual_content') }},
            {{ blank_to_null('param__content') }}
        ) as utm_content,
        coalesce(
            {{ blank_to_null('collected_traffic_source__manual_term') }},
            {{ blank_to_null('param__term') }}
        ) as utm_term,
        -- gbraid and wbraid are what Google sends from apps and iOS instead of a gclid.
        coalesce(
            {{ blank_to_null('collected_traffic_source__gclid') }},
            {{ blank_to_null('param__gclid') }},
            {{ url_parameter('param__page_location', 'gclid') }},
            {{ url_parameter('param__page_location', 'gbraid') }},
            {{ url_parameter('param__page_location', 'wbraid') }}
        ) as gclid,
        {{ url_parameter('param__page_location', 'fbclid') }} as fbclid,
        {{ url_parameter('param__page_location', 'ttclid') }} as ttclid,
        {{ url_parameter('param__page_location', 'epik') }} as epik,
        {{ url_parameter('param__page_location', 'msclkid') }} as msclkid,
        lower(device__category) as device_category,
        device__web_info__browser as browser,
        device__operating_system as operating_system,
        cast(null as varchar) as user_agent,
        {{ blank_to_null('geo__country') }} as country_code,
        {{ blank_to_null('geo__region') }} as region,
        {{ blank_to_null('geo__city') }} as city,
        case
            when lower(event_name) = 'purchase'
                then nullif(
                    coalesce(
                        {{ blank_to_null('ecommerce__transaction_id') }},
                        {{ blank_to_null('param__transaction_id') }}
                    ),
                    '(not set)'
                )
        end as order_id,
        upper({{ blank_to_null('param__currency') }}) as currency_code,
        cast(coalesce(param__value, ecommerce__purchase_revenue) as numeric(18, 4)) as value_amount,
        {{ blank_to_null('param__search_term') }} as search_term,
        {{ blank_to_null('param__experiment_id') }} as experiment_id,
        {{ blank_to_null('param__variant') }} as variant,
        param__percent_scrolled as scroll_percent,
        param__engagement_time_msec as engaged_milliseconds,
        -- GA4 sends events without a cookie where analytics storage is denied.
        coalesce(lower(privacy_info__analytics_storage), 'yes') != 'no'
        and user_pseudo_id is not null as has_consent,
        {{ to_utc('occurred_at') }} as occurred_at,
        cast(null as timestamp) as received_at,
        _loaded_at
    from source
)

select * from renamed
