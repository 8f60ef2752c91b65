with archetypes as (
    select * from {{ ref('stg_ml__archetypes') }}
    where archetype_level = 'l3'
),

history as (
    select * from {{ ref('fct_customer_history') }}
),

customers as (
    select * from {{ ref('fct_customer_current') }}
),

scores as (
    select * from {{ ref('int_customer_scores_latest') }}
),

{{ archetype_members('l3') }},

final as (
    select
        archetype_id as archetype_l3_id,
        archetype_key,
        traits,
        member_count,
        scored_member_count,
        high_risk_member_count,
        member_share,
        total_lifetime_value_amount,
        average_lifetime_value_amount,
        average_churn_probability,
        first_snapshot_date,
        last_snapshot_date,
        snapshot_date
    from described
)

select * from final
