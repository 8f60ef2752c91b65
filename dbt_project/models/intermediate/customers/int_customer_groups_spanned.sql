-- Each snapshot holds until the next one of the same customer.
{{ config(materialized='table') }}

with segments as (
    select * from {{ ref('fct_customer_rfm_history') }}
),

archetypes as (
    select * from {{ ref('stg_ml__archetype_memberships') }}
),

snapshots as (
    select
        customer_key,
        'rfm_segment' as group_type,
        segment_name as group_name,
        snapshot_date
    from segments
    union all
    select
        customer_key,
        'archetype' as group_type,
        archetype_l1_id as group_name,
        snapshot_date
    from archetypes
),

final as (
    select
        customer_key,
        group_type,
        group_name,
        snapshot_date as start_date,
        lead(snapshot_date) over (
            partition by customer_key, group_type order by snapshot_date
        ) as end_date
    from snapshots
)

select * from final
