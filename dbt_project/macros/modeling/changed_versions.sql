{#
    CTEs from a log of observations to versions: what was observed again unchanged is none. The last
    is called versions_bounded: the relation's columns and next_observed_at, null of the newest.

    relation: CTE with observed_at.
    entity_key: what has versions; version_key: tells observations of one instant apart.
    states: the columns that make a version.
#}
{% macro changed_versions(relation, entity_key, version_key, states) %}
    versions_compared as (
        select
            *,
            {{ surrogate_key(states) }} as state_hash
        from {{ relation }}
    ),

    versions_flagged as (
        select
            *,
            lag(state_hash) over (
                partition by {{ entity_key }} order by observed_at asc, {{ version_key }} asc
            ) as previous_hash
        from versions_compared
    ),

    versions_bounded as (
        select
            *,
            lead(observed_at) over (
                partition by {{ entity_key }} order by observed_at asc, {{ version_key }} asc
            ) as next_observed_at
        from versions_flagged
        where previous_hash is null or previous_hash != state_hash
    )
{%- endmacro %}
