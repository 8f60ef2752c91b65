-- How far customers have moved under one model, and how far a refit has moved the same customers.
with drift as (
    select * from {{ ref('stg_ml__archetype_drift') }}
    where snapshot_date <= {{ as_of() }}
),

final as (
    select
        {{ surrogate_key(['drift_type', 'axis', 'snapshot_date']) }} as archetype_drift_key,
        drift_type,
        axis,
        case
            when stability_index is null then 'unknown'
            when stability_index < {{ var('drift_some') }} then 'none'
            when stability_index <= {{ var('drift_much') }} then 'some'
            else 'much'
        end as drift_level,
        from_model_version,
        to_model_version,
        stability_index,
        from_snapshot_date,
        snapshot_date
    from drift
)

select * from final
