with source as (
    select * from {{ source('ml', 'archetypes') }}
),

final as (
    select
        archetype_level,
        archetype_id,
        archetype_key,
        traits,
        described_at
    from source
)

select * from final
