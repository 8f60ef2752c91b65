with source as (
    select * from {{ source('meta_ads', 'accounts') }}
),

renamed as (
    select
        _account_id as account_id,
        name as account_name,
        timezone_name as account_timezone,
        lower(conversion_action_type) as conversion_action_type,
        attribution_window,
        upper(currency) as currency_code
    from source
)

select * from renamed
