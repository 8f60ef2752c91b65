{# Hash of several ids. Hash ids only: the text of decimals and timestamps differs by engine. #}
{% macro surrogate_key(columns) -%}
    md5({{ joined_ids(columns) }})
{%- endmacro %}

{# Several ids as one text, nulls as nothing between the bars. #}
{% macro joined_ids(columns) -%}
    {%- for column in columns -%}
        coalesce(cast({{ column }} as varchar), '')
        {%- if not loop.last %} || '|' || {% endif -%}
    {%- endfor -%}
{%- endmacro %}
