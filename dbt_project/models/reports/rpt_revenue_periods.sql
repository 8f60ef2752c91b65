{#
    A period stands beside the one before and the one a year ago: 364 days for days and weeks, so
    that Saturdays meet Saturdays, twelve months for months. Of a period that is not over only what
    is booked so far.
#}
{% set measures = [
    'order_count', 'new_customer_order_count', 'gross_amount', 'discount_amount', 'return_amount',
    'net_amount', 'new_customer_net_amount', 'returning_customer_net_amount',
] %}
{% set shifts = {
    'day': [('day', 1), ('day', 364)],
    'week': [('day', 7), ('day', 364)],
    'month': [('month', 1), ('month', 12)],
} %}

with sliced as (
    select * from {{ ref('int_revenue_sliced_daily') }}
),

dates as (
    select * from {{ ref('dim_dates') }}
),

periods as (
    {%- for period in shifts %}
        select
            '{{ period }}' as period_type,
            {{ 'dates.date_day' if period == 'day' else 'dates.' ~ period ~ '_start_date' }}
                as period_start_date,
            {%- for measure in measures %}
                sum(sliced.{{ measure }}) as {{ measure }},
            {%- endfor %}
            sliced.dimension,
            sliced.dimension_value
        from sliced
        inner join dates on sliced.revenue_date = dates.date_day
        group by
            {{ 'dates.date_day' if period == 'day' else 'dates.' ~ period ~ '_start_date' }},
            sliced.dimension, sliced.dimension_value
        {% if not loop.last -%}
            union all
        {%- endif %}
    {%- endfor %}
),

compared as (
    select
        period_type,
        period_start_date,
        dimension,
        dimension_value,
        {%- for measure in measures %}
            {{ measure }},
        {%- endfor %}
        0 as previous_order_count,
        0 as previous_net_amount,
        0 as year_before_order_count,
        0 as year_before_net_amount
    from periods
    {%- for period, (previous, year_before) in shifts.items() %}
        {%- for name, (unit, count) in [('previous', previous), ('year_before', year_before)] %}
            union all
            select
                period_type,
                cast({{ dbt.dateadd(unit, count, 'period_start_date') }} as date)
                    as period_start_date,
                dimension,
                dimension_value,
                {%- for measure in measures %}
                    0 as {{ measure }},
                {%- endfor %}
                {{ 'order_count' if name == 'previous' else '0' }} as previous_order_count,
                {{ 'net_amount' if name == 'previous' else '0' }} as previous_net_amount,
                {{ 'order_count' if name == 'year_before' else '0' }} as year_before_order_count,
                {{ 'net_amount' if name == 'year_before' else '0' }} as year_before_net_amount
            from periods
            where period_type = '{{ period }}'
        {%- endfor %}
    {%- endfor %}
),

summed as (
    select
        period_type,
        period_start_date,
        dimension,
        dimension_value,
        {%- for measure in measures %}
            sum({{ measure }}) as {{ measure }},
        {%- endfor %}
        sum(previous_order_count) as previous_order_count,
        sum(previous_net_amount) as previous_net_amount,
        sum(year_before_order_count) as year_before_order_count,
        sum(year_before_net_amount) as year_before_net_amount
    from compared
    group by period_type, period_start_date, dimension, dimension_value
),

-- A period that the days do not reach is none yet.
reached as (
    select
        period_type,
        period_start_date,
        max(date_day) as last_day,
        max(case when not is_complete then 1 else 0 end) as open_day_count
    from (
        {%- for period in shifts %}
            select
                '{{ period }}' as period_type,
                {{ 'date_day' if period == 'day' else period ~ '_start_date' }}
                    as period_start_date,
                date_day,
                is_complete
            from dates
            {% if not loop.last -%}
                union all
            {%- endif %}
        {%- endfor %}
    ) as every_period
    group by period_type, period_start_date
),

final as (
    select
        {{ surrogate_key([
            'summed.period_type', 'summed.period_start_date', 'summed.dimension',
            'summed.dimension_value',
        ]) }} as revenue_period_key,
        summed.period_type,
        summed.dimension,
        summed.dimension_value,
        {%- for measure in [
            'order_count', 'new_customer_order_count', 'previous_order_count',
            'year_before_order_count',
        ] %}
            cast(summed.{{ measure }} as bigint) as {{ measure }},
        {%- endfor %}
        {%- for measure in [
            'gross', 'discount', 'return', 'net', 'new_customer_net', 'returning_customer_net',
            'previous_net', 'year_before_net',
        ] %}
            cast(summed.{{ measure }}_amount as numeric(18, 4)) as {{ measure }}_amount,
        {%- endfor %}
        {{ safe_divide('summed.net_amount', 'summed.order_count') }} as net_amount_per_order,
        {{ safe_divide(
            'summed.net_amount - summed.previous_net_amount', 'summed.previous_net_amount'
        ) }} as growth_rate,
        {{ safe_divide(
            'summed.net_amount - summed.year_before_net_amount', 'summed.year_before_net_amount'
        ) }} as year_growth_rate,
        reached.open_day_count = 0 as is_complete,
        summed.period_start_date
    from summed
    inner join reached
        on
            summed.period_type = reached.period_type
            and summed.period_start_date = reached.period_start_date
)

select * from final
