-- Right of the seam: what the models expect of customers, and which of it is said last.
with scores as (
    select * from {{ ref('stg_ml__customer_lifetime_values') }}
),

newest as (
    select max(score_date) as score_date
    from scores
),

final as (
    select
        scores.customer_key,
        scores.probabilistic_clv_amount,
        scores.no_value_reason,
        scores.model_version,
        scores.score_date = newest.score_date as is_newest,
        scores.score_date
    from scores
    cross join newest
)

select * from final
