{# A ratio as double; null where the denominator is zero or null. #}
{% macro safe_divide(numerator, denominator) -%}
    (
        cast({{ numerator }} as double precision)
        / nullif(cast({{ denominator }} as double precision), 0)
    )
{%- endmacro %}
