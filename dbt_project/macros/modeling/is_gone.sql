{#
    Whether a row's key is no longer among those that its source has (raw table _present_keys);
    false where nobody compares keys.
    source_name: of the raw schema. entity: as in _present_keys. key: its column.
#}
{% macro is_gone(source_name, entity, key) -%}
    {%- set present = source(source_name, '_present_keys') -%}
    case
        when _account_id in (
            select present._account_id from {{ present }} as present
            where present.entity = '{{ entity }}'
        )
            then _account_id || '|' || {{ key }} not in (
                select present._account_id || '|' || present.key from {{ present }} as present
                where present.entity = '{{ entity }}'
            )
        else false
    end
{%- endmacro %}
