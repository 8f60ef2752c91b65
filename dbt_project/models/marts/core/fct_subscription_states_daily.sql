{#
    A subscription is active on a day if it is at the day's end. Base of a day are those that were
    active retention_window_days before, kept are those of them that are active again or still: one
    that paused in between is kept. Running sums of what starts and ends: the work is one row a
    change, and never a row a subscription and day.
#}
{% set window = var('retention_window_days') %}
{% set states = ['active', 'base', 'kept'] %}

with periods as (
    select * from {{ ref('fct_subscription_periods') }}
),

later as (
    select
        store_key,
        subscription_key,
        cast({{ dbt.dateadd('day', window, 'start_date') }} as date) as start_date,
        cast({{ dbt.dateadd('day', window, 'end_date') }} as date) as end_date
    from periods
),

spans as (
    select
        store_key,
        'active' as state,
        start_date,
        end_date
    from periods
    union all
    select
        store_key,
        'base' as state,
        start_date,
        end_date
    from later
    union all
    select
        periods.store_key,
        'kept' as state,
        {{ greatest(['later.start_date', 'periods.start_date']) }} as start_date,
        {{ least(['later.end_date', 'periods.end_date']) }} as end_date
    from periods
    inner join later
        on
            periods.store_key = later.store_key
            and periods.subscription_key = later.subscription_key
            and periods.start_date < coalesce(later.end_date, cast('9999-12-31' as date))
            and later.start_date < coalesce(periods.end_date, cast('9999-12-31' as date))
),

stores as (
    select distinct store_key
    from periods
),

first_day as (
    select min(start_date) as first_date
    from periods
),

days as (
    {{ date_spine('(select first_date from first_day)', as_of()) }}
),

-- Every day has a row, of nothing where nothing changed.
changes as (
    select
        store_key,
        state,
        1 as step,
        start_date as state_date
    from spans
    where start_date <= {{ as_of() }}
    union all
    select
        store_key,
        state,
        -1 as step,
        end_date as state_date
    from spans
    where end_date <= {{ as_of() }}
    union all
    select
        stores.store_key,
        'none' as state,
        0 as step,
        days.date_day as state_date
    from stores
    cross join days
),

daily as (
    select
        store_key,
        state_date,
        {%- for state in states %}
            sum(case when state = '{{ state }}' then step else 0 end) as {{ state }}_step
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from changes
    group by store_key, state_date
),

final as (
    select
        {{ surrogate_key(['store_key', 'state_date']) }} as subscription_state_key,
        store_key,
        {%- for state in states %}
            cast(
                sum({{ state }}_step) over (
                    partition by store_key
                    order by state_date
                    rows between unbounded preceding and current row
                ) as bigint
            ) as {{ state }}_count,
        {%- endfor %}
        state_date
    from daily
)

select * from final
