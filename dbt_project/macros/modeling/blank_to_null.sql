{# A text without the blanks around it; null where nothing is left. #}
{% macro blank_to_null(column) -%}
    nullif(trim(cast({{ column }} as varchar)), '')
{%- endmacro %}
