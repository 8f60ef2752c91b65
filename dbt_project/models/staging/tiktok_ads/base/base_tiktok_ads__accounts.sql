with source as (
    select * from {{ source('tiktok_ads', 'accounts') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('name') }} as account_name,
        coalesce({{ blank_to_null('display_timezone') }}, timezone) as account_timezone,
        lower(status) as status,
        upper(country) as country_code,
        lower(conversion_metric) as conversion_metric,
        attribution_window,
        upper(currency) as currency_code,
        {{ to_utc('create_time') }} as created_at,
        _loaded_at
    from source
)

select * from renamed
