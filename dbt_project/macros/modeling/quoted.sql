{# Words as a list of SQL literals; one that matches nothing where there is no word. #}
{% macro quoted(words) -%}
    '{{ words | join("', '") }}'
{%- endmacro %}
