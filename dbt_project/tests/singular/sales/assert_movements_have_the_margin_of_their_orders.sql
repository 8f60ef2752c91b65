-- The margin of days and that of orders are the same money, booked on different days.
with movements as (
    select
        order_key,
        sum(net_amount) as net_amount,
        sum(costed_net_amount) as costed_net_amount,
        case when count(*) = count(cost_amount) then sum(cost_amount) end as cost_amount
    from {{ ref('fct_sales_movements') }}
    where order_key is not null
    group by order_key
),

final as (
    select orders.order_key
    from {{ ref('fct_orders') }} as orders
    inner join movements on orders.order_key = movements.order_key
    where
        orders.net_amount != movements.net_amount
        or orders.costed_net_amount != movements.costed_net_amount
        or coalesce(orders.cost_of_goods_amount, -9999999999)
        != coalesce(movements.cost_amount, -9999999999)
)

select * from final
