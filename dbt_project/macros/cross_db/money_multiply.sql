{#
    An amount times a rate, price or quantity, rounded half away from zero to four digits.
    One side is widened first: on DuckDB a product keeps 18 digits and overflows at a million.
#}
{% macro money_multiply(amount, factor) -%}
    cast(cast({{ amount }} as numeric(38,4)) * cast({{ factor }} as numeric(18,8)) as numeric(18,4))
{%- endmacro %}
