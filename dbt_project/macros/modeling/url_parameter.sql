{# Value of a parameter in the query of an address; null where it has none. #}
{% macro url_parameter(url, name) -%}
    nullif(
        {{ split_part(
            split_part(
                split_part("replace(" ~ url ~ ", '?', '&')", "'&" ~ name ~ "='", 2), "'&'", 1
            ),
            "'#'",
            1
        ) }},
        ''
    )
{%- endmacro %}
