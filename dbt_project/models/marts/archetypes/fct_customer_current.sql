with history as (
    select * from {{ ref('fct_customer_history') }}
),

newest as (
    select max(snapshot_date) as snapshot_date
    from history
),

final as (
    select
        history.customer_key,
        history.customer_id,
        history.archetype_l1_id,
        history.archetype_l2_id,
        history.archetype_l3_id,
        history.dominant_segments,
        history.membership_strengths,
        history.model_version,
        history.order_count,
        history.days_since_last_purchase,
        history.customer_tenure_days,
        history.lifetime_value_amount,
        history.snapshot_date
    from history
    inner join newest on history.snapshot_date = newest.snapshot_date
)

select * from final
