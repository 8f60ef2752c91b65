with metric_values as (
    select * from {{ ref('rpt_metrics_daily') }}
),

targets as (
    select * from {{ ref('metric_targets') }}
),

dates as (
    select * from {{ ref('dim_dates') }}
),

-- Of a target's versions the newest on or before the day counts.
judged as (
    select
        metric_values.metric_value_key,
        metric_values.metric_key,
        metric_values.dimension,
        metric_values.dimension_value,
        metric_values.denominator,
        metric_values.value,
        metric_values.metric_date,
        targets.min_value,
        targets.max_value,
        targets.min_denominator,
        targets.severity,
        targets.reason,
        row_number() over (
            partition by metric_values.metric_value_key
            order by targets.valid_from desc
        ) as version_number
    from metric_values
    inner join targets
        on
            metric_values.metric_key = targets.metric_key
            and metric_values.dimension = targets.dimension
            and metric_values.dimension_value = targets.dimension_value
            and metric_values.metric_date >= targets.valid_from
    inner join dates
        on
            metric_values.metric_date = dates.date_day
            and dates.is_complete
),

final as (
    select
        metric_value_key as metric_alert_key,
        metric_key,
        dimension,
        dimension_value,
        case when value < min_value then 'below' else 'above' end as direction,
        severity,
        value,
        cast(min_value as double precision) as min_value,
        cast(max_value as double precision) as max_value,
        denominator,
        reason,
        metric_date
    from judged
    where
        version_number = 1
        and (value < min_value or value > max_value)
        and (min_denominator is null or denominator >= min_denominator)
)

select * from final
