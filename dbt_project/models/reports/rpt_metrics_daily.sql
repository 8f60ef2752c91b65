with metrics as (
    {{ metrics_tall() }}
),

final as (
    select
        {{ surrogate_key(['metric_key', 'metric_date', 'dimension', 'dimension_value']) }}
            as metric_value_key,
        metric_key,
        category,
        dimension,
        dimension_value,
        numerator,
        denominator,
        value,
        metric_date
    from metrics
)

select * from final
