{#
    A person's key is that of their oldest identifier. Every other one of theirs may have been the
    key of a person before the two were seen together: who kept that key finds the person here.
#}
with identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
    where identifier_type != 'device' and identifier_key != customer_key
),

edges as (
    select * from {{ ref('int_identity_edges') }}
),

ends as (
    select
        first_key as identifier_key,
        first_seen_at
    from edges
    union all
    select
        second_key as identifier_key,
        first_seen_at
    from edges
),

linked as (
    select
        identifier_key,
        min(first_seen_at) as linked_at
    from ends
    group by identifier_key
),

final as (
    select
        identifiers.identifier_key as former_customer_key,
        identifiers.customer_key,
        identifiers.identifier_type,
        identifiers.first_seen_at,
        linked.linked_at
    from identifiers
    inner join linked on identifiers.identifier_key = linked.identifier_key
)

select * from final
