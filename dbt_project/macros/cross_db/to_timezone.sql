{#
    UTC without a zone -> local time without one, daylight saving included.
    zone: SQL of an IANA name: a column, or a literal in quotes.
#}
{% macro to_timezone(column, zone) -%}
    {{ return(adapter.dispatch('to_timezone')(column, zone)) }}
{%- endmacro %}

{% macro default__to_timezone(column, zone) -%}
    (({{ column }}) at time zone 'UTC' at time zone {{ zone }})
{%- endmacro %}

{% macro snowflake__to_timezone(column, zone) -%}
    convert_timezone('UTC', {{ zone }}, {{ column }})
{%- endmacro %}
