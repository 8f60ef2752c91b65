with payments as (
    select * from {{ ref('int_payments_unioned') }}
),

orders as (
    select * from {{ ref('int_orders_identified') }}
),

stores as (
    select * from {{ ref('int_stores_completed') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_filled') }}
),

located as (
    select
        payments.payment_key,
        orders.order_key,
        payments.store_key,
        orders.customer_key,
        payments.payment_id,
        payments.payment_type,
        payments.payment_status,
        payments.gateway,
        coalesce(payments.currency_code, orders.currency_code, stores.currency_code)
            as currency_code,
        payments.amount,
        -- Authorisations and voids move no money.
        case
            when payments.payment_status != 'success' or payments.payment_status is null then 0
            when payments.payment_type in ('sale', 'capture') then payments.amount
            when payments.payment_type in ('refund', 'change') then -payments.amount
            else 0
        end as received_amount,
        payments.fee_amount,
        coalesce(payments.is_test, false) as is_test,
        coalesce(orders.counts_in_sales, true) and not coalesce(payments.is_test, false)
            as counts_in_sales,
        {{ local_date('payments.processed_at', 'stores.timezone') }} as payment_date,
        payments.processed_at
    from payments
    inner join stores on payments.store_key = stores.store_key
    left join orders on payments.order_key = orders.order_key
),

final as (
    select
        located.payment_key,
        located.order_key,
        located.store_key,
        located.customer_key,
        located.payment_id,
        located.payment_type,
        located.payment_status,
        located.gateway,
        located.currency_code,
        located.amount as store_amount,
        cast(located.received_amount as numeric(18, 4)) as received_store_amount,
        located.fee_amount as fee_store_amount,
        {{ money_multiply('located.amount', 'fx_rates.rate') }} as amount,
        {{ money_multiply('located.received_amount', 'fx_rates.rate') }} as received_amount,
        {{ money_multiply('located.fee_amount', 'fx_rates.rate') }} as fee_amount,
        located.is_test,
        located.counts_in_sales,
        located.payment_date,
        located.processed_at
    from located
    left join fx_rates
        on
            located.currency_code = fx_rates.currency_code
            and located.payment_date = fx_rates.rate_date
)

select * from final
