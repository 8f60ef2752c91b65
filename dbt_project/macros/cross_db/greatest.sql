{#
    The greatest of several values; a null does not count, and of nulls alone it is null.
    values: list of SQL expressions of one type.
#}
{% macro greatest(values) -%}
    {{ return(adapter.dispatch('greatest')(values)) }}
{%- endmacro %}

{% macro default__greatest(values) -%}
    greatest({{ values | join(', ') }})
{%- endmacro %}

{% macro snowflake__greatest(values) -%}
    greatest_ignore_nulls({{ values | join(', ') }})
{%- endmacro %}
