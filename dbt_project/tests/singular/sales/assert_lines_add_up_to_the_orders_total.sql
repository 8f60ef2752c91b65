-- Σ lines − discounts + tax + shipping = total, as the store writes it. A cent is left to stores
-- that round the order instead of its lines.
{{ config(meta={'pitfall': [1, 9]}) }}

with orders as (
    select * from {{ ref('int_orders_identified') }}
),

lines as (
    select * from {{ ref('int_order_lines_completed') }}
),

summed as (
    select
        order_key,
        sum(net_amount + tax_amount) as total_amount
    from lines
    group by order_key
)

select
    orders.order_key,
    orders.order_id,
    orders.total_amount,
    summed.total_amount as lines_amount
from orders
left join summed on orders.order_key = summed.order_key
where abs(orders.total_amount - coalesce(summed.total_amount, 0)) > 0.01
