{# Last day that counts, as a scalar: AS_OF where it is set, else the newest complete day. #}
{% macro as_of() -%}
    (select as_of_date from {{ ref('int_as_of') }})
{%- endmacro %}
