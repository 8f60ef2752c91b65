{# SQL that makes the tables the models write, empty, where they have not been written yet. #}
{% macro create_ml_tables() -%}
    {%- for source in graph.get('sources', {}).values() if source.source_name == 'ml' %}
    {%- if loop.first %}
    create schema if not exists {{ source.schema }};
    {%- endif %}
    create table if not exists {{ source.schema }}.{{ source.identifier }} (
        {%- for column in source.columns.values() %}
        {{ column.name }} {{ column.data_type }}{{ ',' if not loop.last }}
        {%- endfor %}
    );
    {%- endfor %}
{%- endmacro %}
