{#
    Whether a regular expression is found in a text.
    text, pattern: SQL expressions; patterns keep to what RE2, PostgreSQL and Java share.
#}
{% macro regexp_matches(text, pattern) -%}
    {{ return(adapter.dispatch('regexp_matches')(text, pattern)) }}
{%- endmacro %}

{% macro default__regexp_matches(text, pattern) -%}
    regexp_matches({{ text }}, {{ pattern }})
{%- endmacro %}

{% macro postgres__regexp_matches(text, pattern) -%}
    ({{ text }} ~ {{ pattern }})
{%- endmacro %}

{% macro snowflake__regexp_matches(text, pattern) -%}
    (regexp_instr({{ text }}, {{ pattern }}) > 0)
{%- endmacro %}
