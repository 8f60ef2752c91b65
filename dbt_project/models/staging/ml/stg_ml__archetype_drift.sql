with source as (
    select * from {{ source('ml', 'archetype_drift') }}
),

final as (
    select
        drift_type,
        axis,
        stability_index,
        from_model_version,
        to_model_version,
        from_snapshot_date,
        snapshot_date,
        drifted_at
    from source
)

select * from final
