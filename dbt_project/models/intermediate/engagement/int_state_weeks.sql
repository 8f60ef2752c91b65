-- Days on which weekly states are told: Mondays, and as_of. A week is complete when its Sunday has
-- passed.
with dates as (
    select * from {{ ref('dim_dates') }}
    where is_complete
),

as_of as (
    select * from {{ ref('int_as_of') }}
)

select
    dates.date_day as state_date,
    cast(
        {{ dbt.dateadd(
            'day', -7, dbt.date_trunc('week', dbt.dateadd('day', 1, 'dates.date_day'))
        ) }} as date
    ) as last_complete_week
from dates
cross join as_of
where dates.iso_weekday = 1 or dates.date_day = as_of.as_of_date
