{# An e-mail address as it is compared: lower case, no blanks around it; null where it is none. #}
{% macro normalised_email(column) -%}
    case when {{ column }} like '%@%' then lower(trim({{ column }})) end
{%- endmacro %}
