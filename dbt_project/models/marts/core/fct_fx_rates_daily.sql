with fx_rates as (
    select * from {{ ref('int_fx_rates_filled') }}
),

final as (
    select
        {{ surrogate_key(['currency_code', 'rate_date']) }} as fx_rate_key,
        currency_code as base_currency_code,
        cast({{ reporting_currency() }} as varchar) as quote_currency_code,
        rate,
        rate_date,
        published_date
    from fx_rates
)

select * from final
