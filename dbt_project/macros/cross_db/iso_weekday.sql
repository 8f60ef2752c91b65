{# Day of the week of a date: 1 is Monday, 7 is Sunday. #}
{% macro iso_weekday(column) -%}
    {{ return(adapter.dispatch('iso_weekday')(column)) }}
{%- endmacro %}

{% macro default__iso_weekday(column) -%}
    cast(extract(isodow from {{ column }}) as integer)
{%- endmacro %}

{% macro snowflake__iso_weekday(column) -%}
    dayofweekiso({{ column }})
{%- endmacro %}
