-- WooCommerce keeps no list of payments: an order is paid at once or not at all, and a refund is
-- money back.
with orders as (
    select * from {{ source('woocommerce', 'orders') }}
),

refunds as (
    select * from {{ source('woocommerce', 'refunds') }}
),

payments as (
    select
        _account_id,
        {{ dbt.concat(["'order_'", 'id']) }} as payment_id,
        id as order_id,
        'sale' as payment_type,
        case when date_paid_gmt is null then 'failure' else 'success' end as payment_status,
        payment_method,
        currency,
        total as amount,
        coalesce(date_paid_gmt, date_created_gmt) as processed_at,
        _loaded_at
    from orders
    where date_paid_gmt is not null or status = 'failed'
    union all
    select
        refunds._account_id,
        {{ dbt.concat(["'refund_'", 'refunds.id']) }} as payment_id,
        refunds.order_id,
        'refund' as payment_type,
        'success' as payment_status,
        orders.payment_method,
        orders.currency,
        refunds.amount,
        refunds.date_created_gmt as processed_at,
        refunds._loaded_at
    from refunds
    inner join orders
        on
            refunds._account_id = orders._account_id
            and refunds.order_id = orders.id
),

renamed as (
    select
        _account_id as account_id,
        payment_id,
        {{ blank_to_null('order_id') }} as order_id,
        payment_type,
        payment_status,
        lower({{ blank_to_null('payment_method') }}) as gateway,
        upper({{ blank_to_null('currency') }}) as currency_code,
        cast(amount as numeric(18, 4)) as amount,
        cast(null as numeric(18, 4)) as fee_amount,
        false as is_test,
        {{ to_utc('processed_at') }} as processed_at,
        _loaded_at
    from payments
)

select * from renamed
