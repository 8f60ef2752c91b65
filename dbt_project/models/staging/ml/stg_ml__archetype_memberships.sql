with source as (
    select * from {{ source('ml', 'archetype_memberships') }}
),

final as (
    select
        customer_key,
        archetype_l1_id,
        archetype_l2_id,
        archetype_l3_id,
        dominant_segments,
        membership_strengths,
        model_version,
        snapshot_date,
        scored_at
    from source
)

select * from final
