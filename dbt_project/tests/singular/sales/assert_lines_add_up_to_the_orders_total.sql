-- Σ lines − discounts + tax + shipping = total, as the store writes it. A cent is left to stores
-- that round the order instead of its lines. An edited order's lines are those of today.
{{ config(meta={'pitfall': [1, 9]}) }}

with orders as (
    select * from {{ ref('int_orders_identified') }}
),

lines as (
    select * from {{ ref('int_order_lines_completed') }}
),

edits as (
    select distinct order_key
    from {{ ref('int_sales_movements') }}
    where movement_type = 'edit'
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
left join edits on orders.order_key = edits.order_key
where
    edits.order_key is null
    and abs(orders.total_amount - coalesce(summed.total_amount, 0)) > 0.01
