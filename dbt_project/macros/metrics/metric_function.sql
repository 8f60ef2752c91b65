{#
    A metric of any days, in all or of one value of a dimension, as the body of a warehouse
    function. How it is had depends on its kind: a sum of stored components, a recount from the
    fact, or the state of the last day. Arguments are read once: where one is named like a column,
    PostgreSQL takes the column.
#}
{% macro metric_function(key) -%}
    {%- set category = category_of_metric(key) -%}
    {%- set metric = metric_definitions()[category][key] -%}
    with args as (
        select
            p_start_date as from_date,
            p_end_date as to_date,
            coalesce(p_dimension, 'all') as dimension,
            coalesce(p_value, 'all') as dimension_value
    ),

    {% if metric.kind == 'distinct' -%}
        {{ recounted(metric) }}
    {%- elif metric.kind == 'state' -%}
        {{ stood_last(metric, category) }}
    {%- else -%}
        {{ summed(metric, category) }}
    {%- endif %}

    select
        case
            when args.dimension in ({{ quoted(['all'] + metric.dimensions) }})
                then {{ metric_value(
                    metric, 'counted.numerator', 'counted.denominator', 'counted.unknown_count'
                ) }}
        end
    from counted
    cross join args
{%- endmacro %}

{# The stored components, summed over the days asked for. #}
{% macro summed(metric, category) -%}
    counted as (
        select
            {{ component_sums(metric) }}
        from {{ ref('fct_' ~ category ~ '_metrics_daily') }} as stored
        cross join args
        where
            stored.dimension = args.dimension
            and stored.dimension_value = args.dimension_value
            and stored.metric_date between args.from_date and args.to_date
    )
{%- endmacro %}

{# The stored components of the last of the days asked for that has any. #}
{% macro stood_last(metric, category) -%}
    {%- set mart = ref('fct_' ~ category ~ '_metrics_daily') -%}
    last_days as (
        select max(stored.metric_date) as last_date
        from {{ mart }} as stored
        cross join args
        where
            stored.dimension = 'all'
            and stored.{{ metric.denominator or metric.numerator }} is not null
            and stored.metric_date between args.from_date and args.to_date
    ),

    counted as (
        select
            {{ component_sums(metric) }}
        from {{ mart }} as stored
        cross join args
        inner join last_days on stored.metric_date = last_days.last_date
        where
            stored.dimension = args.dimension
            and stored.dimension_value = args.dimension_value
    )
{%- endmacro %}

{% macro component_sums(metric) -%}
            sum(stored.{{ metric.numerator }}) as numerator,
            {{ 'sum(stored.' ~ metric.denominator ~ ')' if metric.denominator else 'null' }}
                as denominator,
            {{ 'sum(stored.' ~ metric.unknown ~ ')' if metric.unknown else 'null' }} as unknown_count
{%- endmacro %}

{# The components counted anew over the days asked for: what is distinct does not add up. #}
{% macro recounted(metric) -%}
    {%- set facts = metric_facts()[fact_of_component(metric.numerator)] -%}
    placed as (
        select
            fact.*,
            case args.dimension
                when 'all' then 'all'
                {%- for name in metric.dimensions %}
                when '{{ name }}' then {{ facts.dimensions[name] }}
                {%- endfor %}
            end as dimension_value
        from {{ ref(facts.relation) }} as fact
        cross join args
        where
            fact.{{ facts.date }} between args.from_date and args.to_date
            {%- if facts.where is defined %} and {{ facts.where }}{% endif %}
    ),

    counted as (
        select
            case when count(*) > 0 then {{ facts.components[metric.numerator][0] }} end
                as numerator,
            {{ facts.components[metric.denominator][0] if metric.denominator else 'null' }}
                as denominator,
            {{ facts.components[metric.unknown][0] if metric.unknown else 'null' }} as unknown_count
        from placed
        cross join args
        where placed.dimension_value = args.dimension_value
    )
{%- endmacro %}
