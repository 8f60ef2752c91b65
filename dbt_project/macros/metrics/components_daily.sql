{# The components of a fact by day, in all and by each of its dimensions. #}
{% macro components_daily(fact) -%}
    {%- set facts = metric_facts()[fact] -%}
    {%- set dimensions = facts.dimensions -%}
    with placed as (
        select
            *,
            {%- for name, expression in dimensions.items() %}
            {{ expression }} as {{ name }}_value,
            {%- endfor %}
            {{ facts.date }} as metric_date
        from {{ ref(facts.relation) }}
        {%- if facts.where is defined %}
        where {{ facts.where }}
        {%- endif %}
    )

    select
        metric_date,
        case
            {%- for name in dimensions %}
            when grouping({{ name }}_value) = 0 then '{{ name }}'
            {%- endfor %}
            else 'all'
        end as dimension,
        case
            {%- for name in dimensions %}
            when grouping({{ name }}_value) = 0 then {{ name }}_value
            {%- endfor %}
            else 'all'
        end as dimension_value,
        {%- for name, component in facts.components.items() %}
        cast({{ component[0] }} as {{ component[1] }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from placed
    group by grouping sets (
        (metric_date),
        {%- for name in dimensions %}
        (metric_date, {{ name }}_value){{ ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
