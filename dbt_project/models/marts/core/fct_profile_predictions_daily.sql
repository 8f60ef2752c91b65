with predictions as (
    select * from {{ ref('int_profile_predictions_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
),

attached as (
    {{ attached('predictions', at='observed_at', day='observed_date') }}
),

-- Several observations of one day: the newest stands.
ranked as (
    select
        attached.*,
        row_number() over (
            partition by attached.source_profile_key, attached.observed_date
            order by attached.observed_at desc, attached.profile_prediction_key asc
        ) as number_from_last
    from attached
),

final as (
    select
        profile_prediction_key,
        source_profile_key,
        store_key,
        customer_key,
        source_name,
        account_id,
        historic_order_count,
        predicted_order_count,
        average_days_between_orders,
        historic_clv_amount as historic_clv_store_amount,
        predicted_clv_amount as predicted_clv_store_amount,
        total_clv_amount as total_clv_store_amount,
        churn_probability,
        cast(1 - churn_probability as numeric(18, 10)) as reorder_probability,
        expected_next_order_date,
        observed_date,
        observed_at
    from ranked
    where number_from_last = 1
)

select * from final
