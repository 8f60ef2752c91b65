{#
    A subscription is active on a day if it is at the day's end. Base of a day are those that were
    active retention_window_days before, kept are those of them that still are: one that paused in
    between is kept.
#}
{% set window = var('retention_window_days') %}

with periods as (
    select * from {{ ref('fct_subscription_periods') }}
),

first_day as (
    select min(start_date) as first_date from periods
),

days as (
    {{ date_spine('(select first_date from first_day)', as_of()) }}
),

active as (
    select distinct
        periods.store_key,
        periods.subscription_key,
        days.date_day
    from days
    inner join periods
        on
            days.date_day >= periods.start_date
            and (periods.end_date is null or days.date_day < periods.end_date)
),

stores as (
    select distinct store_key from periods
),

counted as (
    select
        stores.store_key,
        days.date_day,
        count(today.subscription_key) as active_count
    from days
    cross join stores
    left join active as today
        on
            stores.store_key = today.store_key
            and days.date_day = today.date_day
    group by stores.store_key, days.date_day
),

kept as (
    select
        earlier.store_key,
        {{ dbt.dateadd('day', window, 'earlier.date_day') }} as date_day,
        count(*) as base_count,
        count(today.subscription_key) as kept_count
    from active as earlier
    left join active as today
        on
            earlier.store_key = today.store_key
            and earlier.subscription_key = today.subscription_key
            and today.date_day = {{ dbt.dateadd('day', window, 'earlier.date_day') }}
    group by earlier.store_key, {{ dbt.dateadd('day', window, 'earlier.date_day') }}
),

final as (
    select
        {{ surrogate_key(['counted.store_key', 'counted.date_day']) }} as subscription_state_key,
        counted.store_key,
        cast(counted.active_count as bigint) as active_count,
        cast(coalesce(kept.base_count, 0) as bigint) as base_count,
        cast(coalesce(kept.kept_count, 0) as bigint) as kept_count,
        counted.date_day as state_date
    from counted
    left join kept
        on
            counted.store_key = kept.store_key
            and counted.date_day = cast(kept.date_day as date)
)

select * from final
