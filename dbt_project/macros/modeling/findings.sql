{#
    Rows that break rules: the union of CTEs of the caller, each named as its rule and with the
    columns table_name, store_key, _loaded_at, a row a row. What a rule means stands in the seed
    data_quality_rules.
#}
{% macro findings(rules) -%}
    {%- for rule in rules %}
    select
        cast('{{ rule }}' as varchar) as rule_name,
        cast(table_name as varchar) as table_name,
        store_key,
        _loaded_at
    from {{ rule }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
