-- Two identifiers that were seen together are one person's. If not, raise the variable
-- identity_rounds: somebody's identifiers hang further apart than its rounds reach.
with edges as (
    select * from {{ ref('int_identity_edges') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
)

select
    edges.first_key,
    edges.second_key
from edges
left join identifiers as firsts on edges.first_key = firsts.identifier_key
left join identifiers as seconds on edges.second_key = seconds.identifier_key
where
    firsts.customer_key is null
    or seconds.customer_key is null
    or firsts.customer_key != seconds.customer_key
