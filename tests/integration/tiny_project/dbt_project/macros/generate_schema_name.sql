{# Schemas have one name on every engine; SCHEMA_PREFIX keeps several people's apart in one database. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ env_var('SCHEMA_PREFIX', '') }}{{ custom_schema_name or target.schema }}
{%- endmacro %}
