{#
    For an incremental model: whether a row of a relation was built after this table was. Every
    incremental table stamps its rows with `built_at()`, so that what it rewrites is seen downstream.
#}
{% macro built_since(alias) -%}
    {{ alias }}._built_at
    > (select coalesce(max(own._built_at), cast('1900-01-01' as timestamp)) from {{ this }} as own)
{%- endmacro %}

{# The time at which a row is built, UTC, by the warehouse's clock. #}
{% macro built_at() -%}
    {{ to_utc(dbt.current_timestamp()) }}
{%- endmacro %}
