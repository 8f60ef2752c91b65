with source as (
    select * from {{ source('files', 'web_events') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('event_id') }} as event_id,
        lower({{ blank_to_null('event_name') }}) as event_name,
        {{ blank_to_null('visitor_id') }} as visitor_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('email') }} as email,
        {{ blank_to_null('session_id') }} as session_id,
        {{ blank_to_null('stream_id') }} as stream_id,
        {{ blank_to_null('page_url') }} as page_url,
        {{ blank_to_null('page_title') }} as page_title,
        {{ blank_to_null('referrer_url') }} as referrer_url,
        {{ blank_to_null('utm_source') }} as utm_source,
        {{ blank_to_null('utm_medium') }} as utm_medium,
        {{ blank_to_null('utm_campaign') }} as utm_campaign,
        {{ blank_to_null('utm_id') }} as utm_id,
        {{ blank_to_null('utm_content') }} as utm_content,
        {{ blank_to_null('utm_term') }} as utm_term,
        {{ blank_to_null('gclid') }} as gclid,
        {{ blank_to_null('fbclid') }} as fbclid,
        {{ blank_to_null('ttclid') }} as ttclid,
        {{ blank_to_null('epik') }} as epik,
        {{ blank_to_null('msclkid') }} as msclkid,
        lower({{ blank_to_null('device_category') }}) as device_category,
        {{ blank_to_null('browser') }} as browser,
        {{ blank_to_null('operating_system') }} as operating_system,
        {{ blank_to_null('user_agent') }} as user_agent,
        {{ blank_to_null('country_code') }} as country_code,
        {{ blank_to_null('region') }} as region,
        {{ blank_to_null('city') }} as city,
        {{ blank_to_null('order_id') }} as order_id,
        upper({{ blank_to_null('currency_code') }}) as currency_code,
        cast(value_amount as numeric(18, 4)) as value_amount,
        {{ blank_to_null('search_term') }} as search_term,
        {{ blank_to_null('experiment_id') }} as experiment_id,
        {{ blank_to_null('variant') }} as variant,
        cast(scroll_percent as bigint) as scroll_percent,
        cast(engaged_milliseconds as bigint) as engaged_milliseconds,
        cast(has_consent as boolean) as has_consent,
        {{ to_utc('occurred_at') }} as occurred_at,
        {{ to_utc('received_at') }} as received_at,
        _loaded_at
    from source
)

select * from renamed
