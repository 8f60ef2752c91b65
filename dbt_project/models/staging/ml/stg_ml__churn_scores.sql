with source as (
    select * from {{ source('ml', 'churn_scores') }}
),

final as (
    select
        customer_key,
        churn_probability,
        churn_probability_30d,
        risk_level,
        confidence,
        drivers,
        recommended_action,
        no_score_reason,
        model_version,
        score_date,
        scored_at
    from source
)

select * from final
