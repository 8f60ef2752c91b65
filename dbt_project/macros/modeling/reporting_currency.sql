{# Currency in which every `_amount` without `_store_` is stated, as a SQL literal. #}
{% macro reporting_currency() -%}
    '{{ env_var("REPORTING_CURRENCY", "EUR") | upper }}'
{%- endmacro %}
