with source as (
    select * from {{ source('pinterest_ads', 'accounts') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('name') }} as account_name,
        upper(country) as country_code,
        attribution_window,
        upper(currency) as currency_code,
        {{ to_utc('created_time') }} as created_at,
        {{ to_utc('updated_time') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
