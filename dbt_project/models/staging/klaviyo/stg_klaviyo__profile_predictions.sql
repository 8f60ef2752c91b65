with predictions as (
    select * from {{ ref('base_klaviyo__profile_predictions') }}
),

profiles as (
    select * from {{ ref('base_klaviyo__profiles') }}
),

final as (
    select
        predictions.account_id,
        predictions.profile_id,
        predictions.profile_id as customer_id,
        profiles.email,
        predictions.historic_order_count,
        predictions.predicted_order_count,
        predictions.average_days_between_orders,
        predictions.historic_clv_amount,
        predictions.predicted_clv_amount,
        predictions.total_clv_amount,
        predictions.churn_probability,
        predictions.expected_next_order_date,
        predictions.observed_at,
        predictions._loaded_at
    from predictions
    left join profiles
        on
            predictions.account_id = profiles.account_id
            and predictions.profile_id = profiles.profile_id
            and profiles.version_number = 1
)

select * from final
