{#
    CTEs up to `final`: what a cohort's customers did in each month or week since, one row per cell
    (store, channel, first category) and cohort × period, also where nothing happened, so that all
    but rates are sums over cells. Reads the CTEs `members`, `entries`, `dates`.
    period: month or week.
    last_number: of the periods that are followed; none follows them to as_of.
#}
{% macro cohort_periods(period, last_number=none) -%}
{%- set cell = ['store_key', 'channel_key', 'first_category', 'cohort_start'] -%}
{%- set window -%}
    partition by grid.store_key, grid.channel_key, grid.first_category, grid.cohort_start
    order by grid.period_number rows between unbounded preceding and current row
{%- endset -%}
grouped as (
    select
        members.*,
        cast({{ dbt.date_trunc(period, 'first_purchase_date') }} as date) as cohort_start
    from members
),

periods as (
    select distinct {{ period }}_start_date as period_start_date
    from dates
    where is_complete
),

sizes as (
    select
        {{ cell | join(', ') }},
        count(*) as customer_count
    from grouped
    group by {{ cell | join(', ') }}
),

numbered as (
    select
        sizes.*,
        periods.period_start_date,
        {%- if period == 'month' %}
        {{ month_number('periods.period_start_date') }} - {{ month_number('sizes.cohort_start') }}
        {%- else %}
        cast({{ days_between('sizes.cohort_start', 'periods.period_start_date') }} / 7 as integer)
        {%- endif %} as period_number
    from sizes
    inner join periods on sizes.cohort_start <= periods.period_start_date
),

grid as (
    select * from numbered
    {%- if last_number is not none %}
    where period_number <= {{ last_number }}
    {%- endif %}
),

summed as (
    select
        {%- for column in cell %}
        grouped.{{ column }},
        {%- endfor %}
        cast({{ dbt.date_trunc(period, 'entries.entry_date') }} as date) as period_start_date,
        count(distinct entries.buyer_key) as active_customer_count,
        sum(entries.order_count) as order_count,
        sum(entries.net_amount) as net_amount,
        sum(entries.fully_costed_net_amount) as fully_costed_net_amount,
        sum(entries.margin_amount) as margin_amount,
        sum(entries.unknown_cost_count) as unknown_cost_count
    from entries
    inner join grouped
        on
            entries.customer_key = grouped.customer_key
            and entries.entry_date >= grouped.cohort_start
    group by
        {%- for column in cell %}
        grouped.{{ column }},
        {%- endfor %}
        cast({{ dbt.date_trunc(period, 'entries.entry_date') }} as date)
),

final as (
    select
        {{ surrogate_key([
            'grid.store_key', 'grid.channel_key', 'grid.first_category', 'grid.cohort_start',
            'grid.period_number',
        ]) }} as cohort_{{ period }}_key,
        grid.store_key,
        grid.channel_key,
        grid.first_category,
        cast(grid.period_number as integer) as {{ period }}_number,
        cast(grid.customer_count as bigint) as customer_count,
        cast(coalesce(summed.active_customer_count, 0) as bigint) as active_customer_count,
        cast(coalesce(summed.order_count, 0) as bigint) as order_count,
        cast(coalesce(summed.net_amount, 0) as numeric(18, 4)) as net_amount,
        cast(
            case
                when coalesce(summed.unknown_cost_count, 0) = 0
                    then coalesce(summed.margin_amount, 0)
            end as numeric(18, 4)
        ) as contribution_margin_amount,
        cast(coalesce(summed.fully_costed_net_amount, 0) as numeric(18, 4))
            as fully_costed_net_amount,
        cast(sum(coalesce(summed.net_amount, 0)) over ({{ window }}) as numeric(18, 4))
            as cumulative_net_amount,
        cast(
            case
                when sum(coalesce(summed.unknown_cost_count, 0)) over ({{ window }}) = 0
                    then sum(coalesce(summed.margin_amount, 0)) over ({{ window }})
            end as numeric(18, 4)
        ) as cumulative_contribution_margin_amount,
        grid.cohort_start as cohort_{{ period }},
        grid.period_start_date as {{ period }}_start_date
    from grid
    left join summed
        on
            {%- for column in cell %}
            grid.{{ column }} = summed.{{ column }} and
            {%- endfor %}
            grid.period_start_date = summed.period_start_date
)
{%- endmacro %}
