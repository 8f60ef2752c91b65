{# Value of a parameter in the query of an address; null where it has none. Few addresses have one. #}
{% macro url_parameter(url, name) -%}
    case
        when {{ url }} like '%?{{ name }}=%' or {{ url }} like '%&{{ name }}=%'
            then nullif(
                {{ split_part(
                    split_part(
                        split_part("replace(" ~ url ~ ", '?', '&')", "'&" ~ name ~ "='", 2),
                        "'&'",
                        1
                    ),
                    "'#'",
                    1
                ) }},
                ''
            )
    end
{%- endmacro %}
