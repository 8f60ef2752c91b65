-- For sources that book no agreements: a refund is booked when it was processed, with or without
-- an order. One at or after the order's cancellation moves money that the cancellation has booked.
with orders as (
    select * from {{ ref('int_orders_identified') }}
),

refund_lines as (
    select * from {{ ref('int_refund_lines_unioned') }}
    where
        not coalesce(is_deleted, false)
        and processed_at is not null
        and source_name not in ({{ quoted(enabled_sources('sales_agreements')) }})
),

final as (
    select
        {{ surrogate_key(['refund_lines.refund_line_key', "'return'"]) }} as sales_movement_key,
        orders.order_key,
        refund_lines.order_line_key,
        refund_lines.store_key,
        refund_lines.source_customer_key,
        refund_lines.product_key,
        coalesce(orders.currency_code, refund_lines.currency_code) as currency_code,
        coalesce(refund_lines.refund_line_type, 'goods') as line_type,
        cast(-coalesce(refund_lines.quantity, 0) as numeric(18, 3)) as quantity,
        cast(-coalesce(refund_lines.amount, 0) as numeric(18, 4)) as net_amount,
        cast(-coalesce(refund_lines.tax_amount, 0) as numeric(18, 4)) as tax_amount,
        refund_lines.processed_at,
        orders.cancelled_at
    from refund_lines
    left join orders on refund_lines.order_key = orders.order_key
    where orders.cancelled_at is null or refund_lines.processed_at < orders.cancelled_at
)

select * from final
