{# Day of a UTC time in a zone: the store's day. zone: SQL of an IANA name. #}
{% macro local_date(column, zone) -%}
    cast({{ to_timezone(column, zone) }} as date)
{%- endmacro %}
