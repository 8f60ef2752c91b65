{#
    Path of an address, without host, query and fragment, which may hold what identifies a person.
    An address without a host is a path already.
#}
{% macro url_path(url) -%}
    {%- set bare = split_part(split_part(url, "'?'", 1), "'#'", 1) -%}
    {%- set located = split_part(bare, "'://'", 2) -%}
    {%- set host = split_part(located, "'/'", 1) -%}
    case
        when {{ url }} like '%://%'
            then coalesce(nullif(substr({{ located }}, length({{ host }}) + 1), ''), '/')
        else {{ bare }}
    end
{%- endmacro %}
