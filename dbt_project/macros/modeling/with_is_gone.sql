{#
    A raw table's rows, and whether the source has their key no longer; false where nobody compares
    keys. A join, since Snowflake has `in (select ...)` in a where clause only.

    relation: the raw table. present_keys: rows of _account_id, entity, key, of all that is there.
    entity: as in present_keys. key: the table's column.
#}
{% macro with_is_gone(relation, present_keys, entity, key) -%}
    select
        raw_rows.*,
        compared._account_id is not null and present.key is null as is_gone
    from {{ relation }} as raw_rows
    left join (
        select distinct _account_id
        from {{ present_keys }}
        where entity = '{{ entity }}'
    ) as compared
        on raw_rows._account_id = compared._account_id
    left join (
        select distinct
            _account_id,
            key
        from {{ present_keys }}
        where entity = '{{ entity }}'
    ) as present
        on
            raw_rows._account_id = present._account_id
            and raw_rows.{{ key }} = present.key
{%- endmacro %}
