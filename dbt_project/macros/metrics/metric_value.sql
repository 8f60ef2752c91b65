{#
    A metric's value from its components. A numerator that nothing adds to is 0 where there is a
    denominator; without one, where that is 0, and where a part of it is unknown, there is no value.
#}
{% macro metric_value(metric, numerator, denominator, unknown) -%}
    {%- if metric.unknown -%}
        case
            when coalesce({{ unknown }}, 0) = 0
                then {{ metric_ratio(metric, numerator, denominator) }}
        end
    {%- else -%}
        {{ metric_ratio(metric, numerator, denominator) }}
    {%- endif -%}
{%- endmacro %}

{% macro metric_ratio(metric, numerator, denominator) -%}
    {%- if metric.denominator -%}
        {{ metric.scale }} * {{ safe_divide(
            numerator if metric.numerator_may_lack else 'coalesce(' ~ numerator ~ ', 0)',
            denominator,
        ) }}
    {%- else -%}
        {{ numerator }}
    {%- endif -%}
{%- endmacro %}
