{# Last day that counts: AS_OF where it is set, else the newest complete day of the data. #}
{% macro as_of() -%}
    {%- if env_var('AS_OF', '') -%}
        cast('{{ env_var("AS_OF") }}' as date)
    {%- else -%}
        (select as_of_date from {{ ref('int_as_of') }})
    {%- endif -%}
{%- endmacro %}
