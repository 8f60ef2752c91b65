{#
    What dbt calls once it has made a table. PostgreSQL reads a table whole unless what is asked for
    is indexed, and plans by guesses until it has looked at the rows; the other engines store by
    column and need neither.
#}
{% macro postgres__create_indexes(relation) -%}
    {%- if model.resource_type == 'model' -%}
        {%- for columns in indexed_columns() -%}
            {%- do run_query(get_create_index_sql(relation, {'columns': columns})) -%}
        {%- endfor -%}
        {%- do run_query('analyze ' ~ relation) -%}
    {%- endif -%}
{%- endmacro %}

{#
    What people ask a table of this model for: a cell of the metrics over some days; else its own
    key, which is its first column, its day, which is its last date, a customer, an order.
#}
{% macro indexed_columns() -%}
    {%- set columns = model.columns.values() | list -%}
    {%- set names = columns | map(attribute='name') | list -%}
    {%- set dates = columns | selectattr('data_type', 'equalto', 'date') | map(attribute='name') -%}
    {%- set days = (dates | list)[-1:] if columns[0].data_type != 'date' else [] -%}
    {%- set cell = ['metric_key', 'dimension', 'dimension_value', 'metric_date'] -%}
    {%- if model.fqn[1] not in ['marts', 'reports'] -%}
        {{ return([]) }}
    {%- elif 'dimension_value' in names -%}
        {{ return([cell | select('in', names) | list]) }}
    {%- endif -%}
    {%- set alone = [names[0]] + days + ['customer_key', 'order_key'] -%}
    {{ return(alone | unique | select('in', names) | batch(1) | list) }}
{%- endmacro %}
