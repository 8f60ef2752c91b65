{# Host of an address, lower case and without www.; null where the address has none. #}
{% macro url_host(url) -%}
    case
        when {{ url }} like '%://%' then
            replace(
                lower({{ split_part(split_part(split_part(url, "'://'", 2), "'/'", 1), "'?'", 1) }}),
                'www.',
                ''
            )
    end
{%- endmacro %}

{% macro split_part(text, delimiter, part) -%}
    {{ dbt.split_part(string_text=text, delimiter_text=delimiter, part_number=part) }}
{%- endmacro %}
