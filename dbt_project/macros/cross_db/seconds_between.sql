{# Seconds from one timestamp to another, with their fraction, as double precision. #}
{% macro seconds_between(start_at, end_at) -%}
    {{ return(adapter.dispatch('seconds_between')(start_at, end_at)) }}
{%- endmacro %}

{% macro default__seconds_between(start_at, end_at) -%}
    (cast(date_diff('microsecond', {{ start_at }}, {{ end_at }}) as double precision) / 1000000)
{%- endmacro %}

{% macro postgres__seconds_between(start_at, end_at) -%}
    cast(extract(epoch from ({{ end_at }} - {{ start_at }})) as double precision)
{%- endmacro %}

{% macro snowflake__seconds_between(start_at, end_at) -%}
    (cast(datediff('microsecond', {{ start_at }}, {{ end_at }}) as double precision) / 1000000)
{%- endmacro %}
