with refund_lines as (
    select * from {{ ref('int_refund_lines_unioned') }}
    where not coalesce(is_deleted, false)
),

orders as (
    select * from {{ ref('int_orders_identified') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_completed') }}
),

customers as (
    select * from {{ ref('int_customers_resolved') }}
),

stores as (
    select * from {{ ref('int_stores_completed') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_filled') }}
),

located as (
    select
        refund_lines.refund_line_key,
        orders.order_key,
        refund_lines.order_line_key,
        refund_lines.store_key,
        coalesce(orders.customer_key, customers.customer_key) as customer_key,
        coalesce(refund_lines.product_key, order_lines.product_key) as product_key,
        refund_lines.refund_id,
        refund_lines.refund_line_id,
        coalesce(refund_lines.refund_line_type, 'goods') as refund_line_type,
        refund_lines.reason,
        coalesce(orders.currency_code, refund_lines.currency_code, stores.currency_code)
            as currency_code,
        refund_lines.quantity,
        refund_lines.amount,
        refund_lines.tax_amount,
        coalesce(orders.counts_in_sales, true) as counts_in_sales,
        orders.order_date,
        {{ local_date('refund_lines.processed_at', 'stores.timezone') }} as refund_date,
        refund_lines.processed_at
    from refund_lines
    inner join stores on refund_lines.store_key = stores.store_key
    left join orders on refund_lines.order_key = orders.order_key
    left join order_lines on refund_lines.order_line_key = order_lines.order_line_key
    left join customers on refund_lines.source_customer_key = customers.source_customer_key
),

final as (
    select
        located.refund_line_key,
        located.order_key,
        located.order_line_key,
        located.store_key,
        located.customer_key,
        located.product_key,
        located.refund_id,
        located.refund_line_id,
        located.refund_line_type,
        located.reason,
        located.currency_code,
        located.quantity,
        located.amount as store_amount,
        located.tax_amount as tax_store_amount,
        {{ money_multiply('located.amount', 'fx_rates.rate') }} as amount,
        {{ money_multiply('located.tax_amount', 'fx_rates.rate') }} as tax_amount,
        located.counts_in_sales,
        located.order_date,
        located.refund_date,
        located.processed_at
    from located
    left join fx_rates
        on
            located.currency_code = fx_rates.currency_code
            and located.refund_date = fx_rates.rate_date
)

select * from final
