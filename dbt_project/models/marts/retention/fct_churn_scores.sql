-- What the project's own model expects of customers, in the store of their first purchase.
with scores as (
    select * from {{ ref('stg_ml__churn_scores') }}
),

customers as (
    select * from {{ ref('int_customers_acquired') }}
),

final as (
    select
        {{ surrogate_key(['scores.customer_key', 'scores.score_date']) }} as churn_score_key,
        customers.store_key,
        scores.customer_key,
        cast(scores.churn_probability as numeric(18, 10)) as churn_probability,
        cast(1 - scores.churn_probability as numeric(18, 10)) as reorder_probability,
        scores.risk_level,
        scores.no_score_reason,
        scores.model_version,
        scores.score_date
    from scores
    inner join customers on scores.customer_key = customers.customer_key
)

select * from final
