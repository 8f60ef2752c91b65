{# A timestamp with a zone -> UTC without one, which is what every `_at` column is. #}
{% macro to_utc(column) -%}
    {{ return(adapter.dispatch('to_utc')(column)) }}
{%- endmacro %}

{% macro default__to_utc(column) -%}
    (cast({{ column }} as timestamp with time zone) at time zone 'UTC')
{%- endmacro %}

{% macro snowflake__to_utc(column) -%}
    cast(convert_timezone('UTC', cast({{ column }} as timestamp_tz)) as timestamp_ntz)
{%- endmacro %}
