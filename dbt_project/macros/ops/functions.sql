{#
    What dbt-duckdb leaves out of dbt's functions, and PostgreSQL refuses: a function whose
    arguments or type have changed is dropped first.
#}
{% macro duckdb__scalar_function_create_replace_signature_sql(target_relation) -%}
    create or replace macro {{ target_relation.schema }}.{{ target_relation.identifier }} (
        {%- for argument in model.arguments -%}
            {{ argument.name }}
            {%- if argument.get('default_value') is not none %} := {{ argument.default_value }}{% endif %}
            {{- ', ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}

{% macro duckdb__scalar_function_body_sql() -%}
    as (cast(({{ model.compiled_code }}) as {{ model.returns.data_type }}))
{%- endmacro %}

{% macro postgres__scalar_function_sql(target_relation) -%}
    do $drop$
    declare signature regprocedure;
    begin
        for signature in
            select functions.oid::regprocedure
            from pg_proc as functions
            inner join pg_namespace as schemas on functions.pronamespace = schemas.oid
            where
                schemas.nspname = '{{ target_relation.schema }}'
                and functions.proname = '{{ target_relation.identifier }}'
        loop
            execute 'drop function ' || signature;
        end loop;
    end $drop$;
    {{ default__scalar_function_sql(target_relation) }}
{%- endmacro %}
