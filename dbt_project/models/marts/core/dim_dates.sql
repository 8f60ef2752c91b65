with as_of as (
    select * from {{ ref('int_as_of') }}
),

days as (
    {{ date_spine('(select first_day from as_of)', '(select last_day from as_of)') }}
),

final as (
    select
        days.date_day,
        cast(extract(year from days.date_day) as integer) as year_number,
        cast(extract(quarter from days.date_day) as integer) as quarter_of_year,
        cast(extract(month from days.date_day) as integer) as month_of_year,
        {{ iso_weekday('days.date_day') }} as iso_weekday,
        {{ iso_weekday('days.date_day') }} >= 6 as is_weekend,
        days.date_day <= as_of.as_of_date as is_complete,
        cast({{ dbt.date_trunc('week', 'days.date_day') }} as date) as week_start_date,
        cast({{ dbt.date_trunc('month', 'days.date_day') }} as date) as month_start_date,
        cast({{ dbt.date_trunc('quarter', 'days.date_day') }} as date) as quarter_start_date,
        cast({{ dbt.date_trunc('year', 'days.date_day') }} as date) as year_start_date
    from days
    cross join as_of
)

select * from final
