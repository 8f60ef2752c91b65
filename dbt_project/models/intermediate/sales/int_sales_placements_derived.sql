-- For sources that book no agreements: what an order's lines say is booked when it is placed.
with orders as (
    select * from {{ ref('int_orders_identified') }}
    where
        placed_at is not null
        and source_name not in ({{ quoted(enabled_sources('sales_agreements')) }})
),

lines as (
    select * from {{ ref('int_order_lines_completed') }}
),

final as (
    select
        {{ surrogate_key(['lines.order_line_key', "'order'"]) }} as sales_movement_key,
        lines.order_key,
        lines.order_line_key,
        lines.store_key,
        lines.line_type,
        coalesce(lines.quantity, 0) as quantity,
        lines.gross_amount,
        lines.discount_amount,
        lines.net_amount,
        lines.tax_amount,
        orders.placed_at,
        orders.cancelled_at
    from lines
    inner join orders on lines.order_key = orders.order_key
)

select * from final
