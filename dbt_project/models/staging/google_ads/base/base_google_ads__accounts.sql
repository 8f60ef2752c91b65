with source as (
    select * from {{ source('google_ads', 'accounts') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('customer__descriptive_name') }} as account_name,
        customer__time_zone as account_timezone,
        lower(customer__status) as status,
        upper(customer__currency_code) as currency_code,
        customer__auto_tagging_enabled as is_auto_tagging_enabled,
        _loaded_at
    from source
)

select * from renamed
