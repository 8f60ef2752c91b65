-- The same money by order and by day; and none in an order that counts in no sales.
{{ config(meta={'pitfall': [2, 4]}) }}

with orders as (
    select * from {{ ref('fct_orders') }}
),

movements as (
    select * from {{ ref('fct_sales_movements') }}
    where order_key is not null
),

summed as (
    select
        order_key,
        sum(net_amount) as net_amount,
        sum(case when movement_type = 'order' then total_amount else 0 end) as total_amount
    from movements
    group by order_key
)

select
    coalesce(orders.order_key, summed.order_key) as order_key,
    orders.net_amount,
    summed.net_amount as movements_net_amount
from orders
full outer join summed on orders.order_key = summed.order_key
where
    orders.order_key is null
    or case when orders.counts_in_sales then orders.net_amount else 0 end
    != coalesce(summed.net_amount, 0)
    or case when orders.counts_in_sales then orders.total_amount else 0 end
    != coalesce(summed.total_amount, 0)
