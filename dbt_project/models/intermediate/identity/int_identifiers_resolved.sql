{#
    Every identifier with its person: the key of the oldest identifier among those that hang
    together. It is a function of the edges alone, so that a full refresh gives the same keys.
#}
{{ config(materialized='table') }}

with identifiers as (
    select * from {{ ref('int_identifiers_seen') }}
    where not is_shared
),

pairs as (
    select * from {{ ref('int_identity_edges') }}
),

edges as (
    select
        first_number as node_number,
        second_number as other_number
    from pairs
    union all
    select
        second_number as node_number,
        first_number as other_number
    from pairs
),

nodes as (
    select distinct node_number
    from edges
),

{{ connected_components('nodes', 'edges', var('identity_rounds')) }}

select
    identifiers.identifier_key,
    oldest.identifier_key as customer_key,
    identifiers.identifier_type,
    identifiers.first_seen_at
from identifiers
left join component_labels on identifiers.identifier_number = component_labels.node_number
inner join identifiers as oldest
    on coalesce(component_labels.label, identifiers.identifier_number) = oldest.identifier_number
where oldest.identifier_type != 'device'
