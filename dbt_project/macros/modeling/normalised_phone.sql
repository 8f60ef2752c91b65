{#
    A phone number as it is compared: + and digits. Null where the country code is missing, since
    the same digits are another person's in another country.
#}
{% macro normalised_phone(column) -%}
    {%- set digits = "translate(trim(" ~ column ~ "), ' -()./', '')" -%}
    case when {{ digits }} like '+________%' then {{ digits }} end
{%- endmacro %}
