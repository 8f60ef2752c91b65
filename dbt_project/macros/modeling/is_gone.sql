{#
    Whether a row's key is no longer among those that its source has (raw table _present_keys);
    false where nobody compares keys.
    source_name: of the raw schema. entity: as in _present_keys. key: column of the CTE `source`.
#}
{% macro is_gone(source_name, entity, key) -%}
    {%- set present = source(source_name, '_present_keys') -%}
    (
        source._account_id in (
            select present._account_id from {{ present }} as present
            where present.entity = '{{ entity }}'
        )
        and not exists (
            select 1 from {{ present }} as present
            where
                present._account_id = source._account_id
                and present.entity = '{{ entity }}'
                and present.key = source.{{ key }}
        )
    )
{%- endmacro %}
