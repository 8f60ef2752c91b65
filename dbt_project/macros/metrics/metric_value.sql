{#
    A metric's value from its components. A numerator that nothing adds to is 0 where there is a
    denominator; without one, and where that is 0, there is no value.
#}
{% macro metric_value(metric, numerator, denominator) -%}
    {%- if metric.denominator -%}
        {{ metric.scale }} * {{ safe_divide(
            numerator if metric.numerator_may_lack else 'coalesce(' ~ numerator ~ ', 0)',
            denominator,
        ) }}
    {%- else -%}
        {{ numerator }}
    {%- endif -%}
{%- endmacro %}
