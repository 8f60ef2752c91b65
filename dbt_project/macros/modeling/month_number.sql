{# Months since year 0, so that a difference of two is a whole number of calendar months. #}
{% macro month_number(column) -%}
    (
        cast(extract(year from {{ column }}) as integer) * 12
        + cast(extract(month from {{ column }}) as integer)
    )
{%- endmacro %}
