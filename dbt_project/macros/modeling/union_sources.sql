{#
    The seam: one entity over every source that is switched on, in the columns of the calling
    model's contract. With no source at all it is empty, and typed all the same.

    entity: name of the entity; each source's model is stg_<source>__<entity>.
    keys: key column -> natural id columns, hashed with source and account; [] is the account itself.
    person_keys: the same for persons and browsers: salted, so that nobody can look an id up.
    A key is null where its first id is. A time before earliest_date is a mistake, and unknown.
#}
{% macro union_sources(entity, keys={}, person_keys={}) %}
    {%- set sources = enabled_sources(entity) -%}
    {%- set relations = {} -%}
    {%- for source_name in sources -%}
        {%- do relations.update({source_name: ref('stg_' ~ source_name ~ '__' ~ entity)}) -%}
    {%- endfor -%}
    {%- set made_here = (keys.keys() | list) + (person_keys.keys() | list) + ['source_name'] -%}
    {%- set columns = model.columns.values() | rejectattr('name', 'in', made_here) | list -%}

    with unioned as (
        {%- for source_name, relation in relations.items() %}
        select
            cast('{{ source_name }}' as varchar) as source_name
            {%- for column in columns %},
            {{ _typed(column) }} as {{ column.name }}
            {%- endfor %}
        from {{ relation }}
        {%- if not loop.last %}
        union all
        {%- endif %}
        {%- else %}
        select
            cast(null as varchar) as source_name
            {%- for column in columns %},
            cast(null as {{ column.data_type }}) as {{ column.name }}
            {%- endfor %}
        where 1 = 0
        {%- endfor %}
    )

    select
        {%- for name, ids in keys.items() %}
        {{ _null_without(ids, surrogate_key(['source_name', 'account_id'] + _texts(ids, columns))) }} as {{ name }},
        {%- endfor %}
        {%- for name, ids in person_keys.items() %}
        {{ _null_without(ids, person_key(joined_ids(['source_name', 'account_id'] + ids))) }} as {{ name }},
        {%- endfor %}
        source_name
        {%- for column in columns %},
        {{ _plausible(column) }} as {{ column.name }}
        {%- endfor %}
    from unioned
{%- endmacro %}

{# Ingestion stamps rows in its own way, the same for all: staging hands the stamp through. #}
{% macro _typed(column) -%}
    {%- if column.name == '_loaded_at' -%}
        {{ to_utc('_loaded_at') }}
    {%- else -%}
        cast({{ column.name }} as {{ column.data_type }})
    {%- endif -%}
{%- endmacro %}

{% macro _plausible(column) -%}
    {%- if column.data_type in ('date', 'timestamp') and column.name != '_loaded_at' -%}
        case
            when {{ column.name }} >= cast('{{ var("earliest_date") }}' as {{ column.data_type }})
                then {{ column.name }}
        end
    {%- else -%}
        {{ column.name }}
    {%- endif -%}
{%- endmacro %}

{# Names of columns as what a key hashes: ids, and times as the same text on every engine. #}
{% macro _texts(names, columns) -%}
    {%- set times = columns | selectattr('data_type', 'eq', 'timestamp') | map(attribute='name') | list -%}
    {%- set texts = [] -%}
    {%- for name in names -%}
        {%- do texts.append(timestamp_text(name) if name in times else name) -%}
    {%- endfor -%}
    {{ return(texts) }}
{%- endmacro %}

{% macro _null_without(ids, expression) -%}
    {%- if ids -%}
        case when {{ ids[0] }} is not null then {{ expression }} end
    {%- else -%}
        {{ expression }}
    {%- endif -%}
{%- endmacro %}
