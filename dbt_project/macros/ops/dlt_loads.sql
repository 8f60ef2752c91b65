{#
    Every package that dlt has loaded, over the raw schemas of the sources that are switched on: its
    id is when it was begun, in seconds since 1970. A schema that something else has filled has no
    such table: what is not there is left out, and with none at all the answer is empty, and typed.
#}
{% macro dlt_loads() -%}
    {%- set found = {} -%}
    {%- for source_name in env_var('SOURCES', 'files').split(',') | sort if execute -%}
        {%- set relation = adapter.get_relation(
            database=target.database,
            schema=env_var('SCHEMA_PREFIX', '') ~ 'raw_' ~ source_name,
            identifier='_dlt_loads'
        ) -%}
        {%- if relation -%}
            {%- do found.update({source_name: relation}) -%}
        {%- endif -%}
    {%- endfor -%}

    {%- for source_name, relation in found.items() %}
    select
        cast('{{ source_name }}' as varchar) as source_name,
        cast(load_id as varchar) as load_id,
        cast(status as bigint) as load_status,
        {{ to_utc('inserted_at') }} as loaded_at
    from {{ relation }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- else %}
    select
        cast(null as varchar) as source_name,
        cast(null as varchar) as load_id,
        cast(null as bigint) as load_status,
        cast(null as timestamp) as loaded_at
    where 1 = 0
    {%- endfor %}
{%- endmacro %}
