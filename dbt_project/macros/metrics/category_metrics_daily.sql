{# Components and values of a category's metrics by day, in all and by each dimension. #}
{% macro category_metrics_daily(category) -%}
    {%- set metrics = metric_definitions()[category] -%}
    {%- set components = {} -%}
    {%- for metric in metrics.values() -%}
        {%- for name in [metric.numerator, metric.denominator, metric.unknown] if name -%}
            {%- do components.update({name: fact_of_component(name)}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set facts = components.values() | unique | list -%}
    {%- set dimensions = metrics.values() | map(attribute='dimensions') | sum(start=[]) | unique -%}

    {%- set asked = quoted(['all'] + dimensions | list) -%}
    with {% for fact in facts -%}
    {{ fact }} as (
        select * from {{ ref('int_' ~ fact ~ '_components_daily') }}
        where dimension in ({{ asked }})
    ),

    {% endfor -%}
    cells as (
        {%- for fact in facts %}
        select
            metric_date,
            dimension,
            dimension_value
        from {{ fact }}
        {{- '\n        union' if not loop.last }}
        {%- endfor %}
    )

    select
        {{ surrogate_key(['cells.metric_date', 'cells.dimension', 'cells.dimension_value']) }}
            as {{ category }}_metrics_key,
        cells.dimension,
        cells.dimension_value,
        {%- for name, fact in components.items() %}
        {{ fact }}.{{ name }},
        {%- endfor %}
        {%- for key, metric in metrics.items() if key not in components %}
        case
            when cells.dimension in ({{ quoted(['all'] + metric.dimensions) }})
                then {{ metric_value(
                    metric,
                    components[metric.numerator] ~ '.' ~ metric.numerator,
                    components[metric.denominator] ~ '.' ~ metric.denominator,
                    components[metric.unknown] ~ '.' ~ metric.unknown,
                ) }}
        end as {{ key }},
        {%- endfor %}
        cells.metric_date
    from cells
    {%- for fact in facts %}
    left join {{ fact }}
        on
            cells.metric_date = {{ fact }}.metric_date
            and cells.dimension = {{ fact }}.dimension
            and cells.dimension_value = {{ fact }}.dimension_value
    {%- endfor %}
{%- endmacro %}
