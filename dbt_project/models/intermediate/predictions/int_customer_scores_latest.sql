with archetypes as (
    select * from {{ ref('stg_ml__archetype_memberships') }}
    where snapshot_date <= {{ as_of() }}
),

churn_scores as (
    select * from {{ ref('stg_ml__churn_scores') }}
    where score_date <= {{ as_of() }}
),

lifetime_values as (
    select * from {{ ref('stg_ml__customer_lifetime_values') }}
    where score_date <= {{ as_of() }}
),

newest_archetypes as (
    select
        archetypes.*,
        row_number() over (
            partition by archetypes.customer_key
            order by archetypes.snapshot_date desc
        ) as version_number
    from archetypes
),

newest_churn_scores as (
    select
        churn_scores.*,
        row_number() over (
            partition by churn_scores.customer_key
            order by churn_scores.score_date desc
        ) as version_number
    from churn_scores
),

newest_values as (
    select
        lifetime_values.*,
        row_number() over (
            partition by lifetime_values.customer_key
            order by lifetime_values.score_date desc
        ) as version_number
    from lifetime_values
),

customers as (
    select customer_key from archetypes
    union
    select customer_key from churn_scores
    union
    select customer_key from lifetime_values
),

final as (
    select
        customers.customer_key,
        newest_archetypes.archetype_l1_id,
        newest_archetypes.archetype_l2_id,
        newest_archetypes.archetype_l3_id,
        newest_churn_scores.risk_level as churn_risk_level,
        newest_churn_scores.recommended_action,
        newest_churn_scores.churn_probability,
        newest_values.probabilistic_clv_amount,
        newest_values.clv_low_amount,
        newest_values.clv_high_amount,
        newest_values.alive_probability,
        newest_values.expected_order_count,
        newest_values.next_purchase_date
    from customers
    left join newest_archetypes
        on
            customers.customer_key = newest_archetypes.customer_key
            and newest_archetypes.version_number = 1
    left join newest_churn_scores
        on
            customers.customer_key = newest_churn_scores.customer_key
            and newest_churn_scores.version_number = 1
    left join newest_values
        on
            customers.customer_key = newest_values.customer_key
            and newest_values.version_number = 1
)

select * from final
