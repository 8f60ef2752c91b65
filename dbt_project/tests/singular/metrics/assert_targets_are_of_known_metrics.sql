-- A target of a metric or dimension that does not exist would be met for ever.
with targets as (
    select * from {{ ref('metric_targets') }}
),

known as (
    {%- for metrics in metric_definitions().values() %}
    {%- set is_last = loop.last %}
    {%- for key, metric in metrics.items() %}
    select
        '{{ key }}' as metric_key,
        dimension
    from (
        {%- for dimension in ['all'] + metric.dimensions %}
        select '{{ dimension }}' as dimension
        {{- ' union all' if not loop.last }}
        {%- endfor %}
    ) as dimensions
    {{- '\n    union all' if not (loop.last and is_last) }}
    {%- endfor %}
    {%- endfor %}
)

select
    targets.metric_key,
    targets.dimension
from targets
left join known
    on
        targets.metric_key = known.metric_key
        and targets.dimension = known.dimension
where known.metric_key is null
