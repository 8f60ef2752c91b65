{#
    The least of several values; a null does not count, and of nulls alone it is null.
    values: list of SQL expressions of one type.
#}
{% macro least(values) -%}
    {{ return(adapter.dispatch('least')(values)) }}
{%- endmacro %}

{% macro default__least(values) -%}
    least({{ values | join(', ') }})
{%- endmacro %}

{% macro snowflake__least(values) -%}
    least_ignore_nulls({{ values | join(', ') }})
{%- endmacro %}
