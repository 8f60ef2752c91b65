-- On every level both sides of a transition are the customers of their snapshots.
with history as (
    select
        snapshot_date,
        count(*) as customer_count
    from {{ ref('fct_customer_history') }}
    group by snapshot_date
),

sides as (
    select
        archetype_level,
        previous_snapshot_date,
        snapshot_date,
        sum(case when from_archetype_id is not null then customer_count else 0 end) as from_count,
        sum(case when to_archetype_id is not null then customer_count else 0 end) as to_count
    from {{ ref('fct_archetype_transitions') }}
    group by archetype_level, previous_snapshot_date, snapshot_date
)

select
    sides.archetype_level,
    sides.snapshot_date,
    sides.from_count,
    sides.to_count
from sides
left join history as before_it on sides.previous_snapshot_date = before_it.snapshot_date
left join history as after_it on sides.snapshot_date = after_it.snapshot_date
where
    coalesce(before_it.customer_count, 0) != sides.from_count
    or coalesce(after_it.customer_count, 0) != sides.to_count
