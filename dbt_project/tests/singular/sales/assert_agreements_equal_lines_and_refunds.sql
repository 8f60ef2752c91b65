-- Where a source books agreements, they say the same as its lines and refunds do, to the cent. An
-- edited order's lines are those of today, an unpaid order is cancelled without a refund, and a fee
-- that the shop keeps of a return is a sale of its own.
{{ config(meta={'pitfall': [3, 4]}) }}

with orders as (
    select * from {{ ref('int_orders_identified') }}
    where source_name in ({{ quoted(enabled_sources('sales_agreements')) }})
),

movements as (
    select * from {{ ref('int_sales_movements') }}
),

lines as (
    select * from {{ ref('int_order_lines_completed') }}
),

refund_lines as (
    select * from {{ ref('int_refund_lines_unioned') }}
),

agreed as (
    select
        order_key,
        sum(case when movement_type = 'order' then total_store_amount else 0 end)
            as placed_amount,
        sum(
            case
                when movement_type in ('return', 'adjustment', 'cancellation')
                    and line_type != 'fee' then -total_store_amount
                else 0
            end
        ) as returned_amount,
        max(case when movement_type = 'edit' then 1 else 0 end) as is_edited
    from movements
    group by order_key
),

placed as (
    select
        order_key,
        sum(net_amount + tax_amount) as placed_amount
    from lines
    group by order_key
),

returned as (
    select
        order_key,
        sum(amount + coalesce(tax_amount, 0)) as returned_amount
    from refund_lines
    group by order_key
)

select
    orders.order_key,
    orders.order_id,
    agreed.placed_amount as agreed_amount,
    placed.placed_amount,
    agreed.returned_amount as agreed_back_amount,
    returned.returned_amount
from orders
inner join agreed on orders.order_key = agreed.order_key
left join placed on orders.order_key = placed.order_key
left join returned on orders.order_key = returned.order_key
where
    (agreed.is_edited = 0 and agreed.placed_amount != coalesce(placed.placed_amount, 0))
    or (
        orders.cancelled_at is null
        and agreed.returned_amount != coalesce(returned.returned_amount, 0)
    )
