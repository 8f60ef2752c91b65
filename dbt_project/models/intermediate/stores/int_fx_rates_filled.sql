{{ config(materialized='table') }}

with published as (
    select * from {{ ref('int_fx_rates_unioned') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

days as (
    {{ date_spine('(select first_day from as_of)', '(select last_day from as_of)') }}
),

-- Units of a currency for one euro, from either direction of the published pair.
legs as (
    select
        quote_currency_code as currency_code,
        rate_date,
        source_name,
        rate as per_euro
    from published
    where base_currency_code = 'EUR'
    union all
    select
        base_currency_code as currency_code,
        rate_date,
        source_name,
        cast({{ safe_divide(1, 'rate') }} as numeric(18, 8)) as per_euro
    from published
    where quote_currency_code = 'EUR' and base_currency_code != 'EUR'
),

-- Two sources may publish the same pair: one counts, by fx_source_preference.
preferred as (
    select
        currency_code,
        rate_date,
        per_euro,
        row_number() over (
            partition by currency_code, rate_date
            order by
                case source_name
                    {%- for source_name in var('fx_source_preference') %}
                        when '{{ source_name }}' then {{ loop.index }}
                    {%- endfor %}
                    else 99
                end asc,
                source_name asc,
                per_euro asc
        ) as preference
    from legs
    where per_euro > 0
),

dated as (
    select
        currency_code,
        rate_date,
        per_euro,
        lead(rate_date) over (partition by currency_code order by rate_date) as next_rate_date
    from preferred
    where preference = 1
),

filled as (
    select
        days.date_day,
        dated.currency_code,
        dated.rate_date,
        dated.per_euro
    from days
    inner join dated
        on
            days.date_day >= dated.rate_date
            and (days.date_day < dated.next_rate_date or dated.next_rate_date is null)
            and days.date_day
            <= {{ dbt.dateadd('day', var('fx_lookback_days'), 'dated.rate_date') }}
    union all
    select
        date_day,
        'EUR' as currency_code,
        date_day as rate_date,
        cast(1 as numeric(18, 8)) as per_euro
    from days
),

crossed as (
    select
        base.date_day,
        base.currency_code,
        {{ least(['base.rate_date', 'reporting.rate_date']) }} as published_date,
        {{ safe_divide('reporting.per_euro', 'base.per_euro') }} as rate
    from filled as base
    inner join filled as reporting
        on
            base.date_day = reporting.date_day
            and reporting.currency_code = {{ reporting_currency() }}
    where base.currency_code != {{ reporting_currency() }}
    union all
    select
        date_day,
        {{ reporting_currency() }} as currency_code,
        date_day as published_date,
        cast(1 as double precision) as rate
    from days
),

final as (
    select
        currency_code,
        cast(rate as numeric(18, 8)) as rate,
        date_day as rate_date,
        published_date
    from crossed
)

select * from final
