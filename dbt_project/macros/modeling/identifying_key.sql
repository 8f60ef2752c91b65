{#
    The identifier that a row goes to its person by: the account, else the address, else the number.
    Join it to int_identifiers_resolved; an excluded or shared one finds nobody there.
#}
{% macro identifying_key(account_key, email=none, phone=none) -%}
    case
        when {{ account_key }} is not null then {{ account_key }}
        {%- if email %}
        when {{ normalised_email(email) }} is not null
            then {{ person_key(normalised_email(email)) }}
        {%- endif %}
        {%- if phone %}
        when {{ normalised_phone(phone) }} is not null
            then {{ phone_key(phone) }}
        {%- endif %}
    end
{%- endmacro %}

{# The identifier of a phone number; null where it is none. #}
{% macro phone_key(phone) -%}
    {{ person_key("'phone|' || (" ~ normalised_phone(phone) ~ ")") }}
{%- endmacro %}
