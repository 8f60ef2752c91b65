with source as (
    select * from {{ source('fx_rates', 'fx_rates') }}
),

renamed as (
    select
        _account_id as account_id,
        'EUR' as base_currency_code,
        upper({{ blank_to_null('quote_currency_code') }}) as quote_currency_code,
        cast(rate as numeric(18, 8)) as rate,
        cast(rate_date as date) as rate_date,
        _loaded_at
    from source
)

select * from renamed
