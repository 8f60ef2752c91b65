{# A traffic source's text in lower case; null for the words that analytics tools write for nothing. #}
{% macro known_text(column) -%}
    case
        when lower(trim({{ column }})) not in (
            '', '(direct)', '(none)', '(not set)', '(organic)', '(referral)', '(not provided)'
        ) then lower(trim({{ column }}))
    end
{%- endmacro %}
