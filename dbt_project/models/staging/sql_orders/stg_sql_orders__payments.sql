with source as (
    select * from {{ source('sql_orders', 'payments') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('payment_id') }} as payment_id,
        {{ blank_to_null('order_id') }} as order_id,
        lower({{ blank_to_null('payment_type') }}) as payment_type,
        lower({{ blank_to_null('payment_status') }}) as payment_status,
        lower({{ blank_to_null('gateway') }}) as gateway,
        upper({{ blank_to_null('currency_code') }}) as currency_code,
        cast(amount as numeric(18, 4)) as amount,
        cast(fee_amount as numeric(18, 4)) as fee_amount,
        cast(is_test as boolean) as is_test,
        {{ to_utc('processed_at') }} as processed_at,
        _loaded_at
    from source
)

select * from renamed
