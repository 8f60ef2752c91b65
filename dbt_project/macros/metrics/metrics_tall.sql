{# Every metric as rows: its day, its cell, what it is made of and its value. #}
{% macro metrics_tall() -%}
    {%- for category, metrics in metric_definitions().items() %}
        {%- set last_category = loop.last %}
        {%- for key, metric in metrics.items() %}
    select
        '{{ key }}' as metric_key,
        '{{ category }}' as category,
        dimension,
        dimension_value,
        cast({{ metric.numerator }} as numeric(28, 10)) as numerator,
        cast({{ metric.denominator or 'null' }} as numeric(28, 10)) as denominator,
        cast({{ key }} as double precision) as value,
        metric_date
    from {{ ref('fct_' ~ category ~ '_metrics_daily') }}
    where
        dimension in ({{ quoted(['all'] + metric.dimensions) }})
        and coalesce({{ metric.numerator }}, {{ metric.denominator or metric.numerator }}) is not null
            {{- '\n    union all' if not (loop.last and last_category) }}
        {%- endfor %}
    {%- endfor %}
{%- endmacro %}
