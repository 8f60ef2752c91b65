with source as (
    select * from {{ source('klaviyo', 'profile_predictions') }}
),

renamed as (
    select
        _account_id as account_id,
        id as profile_id,
        cast(historic_number_of_orders as numeric(18, 3)) as historic_order_count,
        cast(predicted_number_of_orders as numeric(18, 3)) as predicted_order_count,
        cast(average_days_between_orders as numeric(18, 3)) as average_days_between_orders,
        cast(historic_clv as numeric(18, 4)) as historic_clv_amount,
        cast(predicted_clv as numeric(18, 4)) as predicted_clv_amount,
        cast(total_clv as numeric(18, 4)) as total_clv_amount,
        cast(churn_probability as numeric(18, 10)) as churn_probability,
        expected_date_of_next_order as expected_next_order_date,
        {{ to_utc('observed_at') }} as observed_at,
        _loaded_at
    from source
)

select * from renamed
