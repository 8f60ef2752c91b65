with source as (
    select * from {{ source('files', 'profile_predictions') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('profile_id') }} as profile_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('email') }} as email,
        cast(historic_order_count as numeric(18, 3)) as historic_order_count,
        cast(predicted_order_count as numeric(18, 3)) as predicted_order_count,
        cast(average_days_between_orders as numeric(18, 3)) as average_days_between_orders,
        cast(historic_clv_amount as numeric(18, 4)) as historic_clv_amount,
        cast(predicted_clv_amount as numeric(18, 4)) as predicted_clv_amount,
        cast(total_clv_amount as numeric(18, 4)) as total_clv_amount,
        cast(churn_probability as numeric(18, 10)) as churn_probability,
        cast(expected_next_order_date as date) as expected_next_order_date,
        {{ to_utc('observed_at') }} as observed_at,
        _loaded_at
    from source
)

select * from renamed
