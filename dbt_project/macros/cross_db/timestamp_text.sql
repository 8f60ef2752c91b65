{#
    A timestamp as text with its microseconds, for keys: a cast writes what the engine, or on
    Snowflake the session, makes of it.
#}
{% macro timestamp_text(column) -%}
    {{ return(adapter.dispatch('timestamp_text')(column)) }}
{%- endmacro %}

{% macro default__timestamp_text(column) -%}
    strftime({{ column }}, '%Y-%m-%d %H:%M:%S.%f')
{%- endmacro %}

{% macro postgres__timestamp_text(column) -%}
    to_char({{ column }}, 'YYYY-MM-DD HH24:MI:SS.US')
{%- endmacro %}

{% macro snowflake__timestamp_text(column) -%}
    to_char(cast({{ column }} as timestamp_ntz), 'YYYY-MM-DD HH24:MI:SS.FF6')
{%- endmacro %}
