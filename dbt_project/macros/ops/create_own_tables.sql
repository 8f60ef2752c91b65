{#
    SQL that makes the tables the project itself writes, empty, where they have not been written yet:
    those of the models (`ml`) and of the runs (`operations`).
#}
{% macro create_own_tables() -%}
    {%- set own = graph.get('sources', {}).values() | selectattr('source_name', 'in', ['ml', 'operations']) | list -%}
    {%- for schema in own | map(attribute='schema') | unique %}
    create schema if not exists {{ schema }};
    {%- endfor %}
    {%- for source in own %}
    create table if not exists {{ source.schema }}.{{ source.identifier }} (
        {%- for column in source.columns.values() %}
        {{ column.name }} {{ column.data_type }}{{ ',' if not loop.last }}
        {%- endfor %}
    );
    {%- endfor %}
{%- endmacro %}
