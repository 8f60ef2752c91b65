{#
    The least-squares line through the weekly rates of a recipient's last twelve complete weeks, by
    the sums of its formula. Rates are whole numbers of 10^-10, so that a level line has no slope.
#}
{% set enough = var('engagement_week_count') %}

with messages as (
    select * from {{ ref('fct_email_messages') }}
    where channel = 'email' and is_delivered and customer_key is not null
),

weeks as (
    select * from {{ ref('int_state_weeks') }}
),

weekly as (
    select
        customer_key,
        min(store_key) as store_key,
        cast({{ dbt.date_trunc('week', 'sent_date') }} as date) as week_start_date,
        sum(case when is_opened then 1 else 0 end + case when is_clicked then 3 else 0 end)
            as points,
        count(*) as delivered_count
    from messages
    group by customer_key, cast({{ dbt.date_trunc('week', 'sent_date') }} as date)
),

followed as (
    select
        *,
        lead(week_start_date, {{ enough - 1 }}) over (
            partition by customer_key order by week_start_date
        ) as last_of_enough
    from weekly
),

-- Most recipients never had enough weeks in any twelve: a week counts that is among so many.
frequent as (
    select
        *,
        max(
            case
                when {{ days_between('week_start_date', 'last_of_enough') }} < 12 * 7 then 1
                else 0
            end
        ) over (
            partition by customer_key
            order by week_start_date
            rows between {{ enough - 1 }} preceding and current row
        ) as is_frequent
    from followed
),

sent_weeks as (
    select distinct week_start_date
    from frequent
    where is_frequent = 1
),

-- The twelve weeks of each state, numbered from the oldest.
windowed as (
    select
        weeks.state_date,
        sent_weeks.week_start_date,
        12 - cast(
            {{ days_between('sent_weeks.week_start_date', 'weeks.last_complete_week') }} / 7
            as bigint
        ) as week_number
    from weeks
    inner join sent_weeks on weeks.last_complete_week >= sent_weeks.week_start_date
    where
        {{ days_between('sent_weeks.week_start_date', 'weeks.last_complete_week') }} < 12 * 7
),

rated as (
    select
        customer_key,
        store_key,
        week_start_date,
        cast(
            round({{ safe_divide('points', 'delivered_count') }} * 10000000000) as bigint
        ) as rate
    from frequent
    where is_frequent = 1
),

summed as (
    select
        rated.customer_key,
        windowed.state_date,
        min(rated.store_key) as store_key,
        count(*) as n,
        sum(windowed.week_number) as sum_x,
        sum(windowed.week_number * windowed.week_number) as sum_xx,
        sum(rated.rate) as sum_y,
        sum(windowed.week_number * rated.rate) as sum_xy
    from rated
    inner join windowed on rated.week_start_date = windowed.week_start_date
    group by rated.customer_key, windowed.state_date
)

select
    customer_key,
    store_key,
    cast(n as bigint) as week_count,
    {{ safe_divide('n * sum_xy - sum_x * sum_y', 'n * sum_xx - sum_x * sum_x') }} / 10000000000
        as email_slope,
    state_date
from summed
where n >= {{ enough }}
