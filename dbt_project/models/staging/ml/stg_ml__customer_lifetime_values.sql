with source as (
    select * from {{ source('ml', 'customer_lifetime_values') }}
),

final as (
    select
        customer_key,
        probabilistic_clv_amount,
        clv_low_amount,
        clv_high_amount,
        alive_probability,
        expected_order_count,
        no_value_reason,
        model_version,
        next_purchase_date,
        score_date,
        scored_at
    from source
)

select * from final
