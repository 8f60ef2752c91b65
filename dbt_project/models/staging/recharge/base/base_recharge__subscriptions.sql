with source as (
    select * from {{ source('recharge', 'subscriptions') }}
),

renamed as (
    select
        _account_id as account_id,
        id as subscription_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('external_product_id') }} as product_id,
        {{ blank_to_null('external_variant_id') }} as variant_id,
        lower({{ blank_to_null('status') }}) as status,
        {{ blank_to_null('cancellation_reason') }} as cancellation_reason,
        upper({{ blank_to_null('presentment_currency') }}) as currency_code,
        {{ money_multiply('cast(price as numeric(18, 4))', 'quantity') }} as price_amount,
        quantity,
        order_interval_frequency
        * case lower(order_interval_unit)
            when 'week' then 7
            when 'month' then 30
            else 1
        end as interval_days,
        next_charge_scheduled_at as next_charge_date,
        {{ to_utc('created_at') }} as started_at,
        {{ to_utc('cancelled_at') }} as cancelled_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
