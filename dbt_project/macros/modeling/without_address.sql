{# A text that a visitor has a hand in, null where an e-mail address got into it. #}
{% macro without_address(text) -%}
    case when {{ text }} not like '%@%' then {{ text }} end
{%- endmacro %}
