-- Order-dated: a return counts on the day of its order, one without an order on its own. Costs
-- beside those of goods come with the order.
with orders as (
    select * from {{ ref('fct_orders') }}
    where customer_key is not null and counts_in_sales and order_date <= {{ as_of() }}
),

movements as (
    select * from {{ ref('fct_sales_movements') }}
    where customer_key is not null and movement_date <= {{ as_of() }}
),

final as (
    select
        customer_key,
        case when counts_as_purchase then customer_key end as buyer_key,
        case when counts_as_purchase then 1 else 0 end as order_count,
        cast(0 as numeric(18, 4)) as net_amount,
        cast(0 as numeric(18, 4)) as fully_costed_net_amount,
        cast(
            -coalesce(payment_fee_amount + fulfillment_cost_amount + shipping_cost_amount, 0)
            as numeric(18, 4)
        ) as margin_amount,
        case when contribution_margin_amount is null then 1 else 0 end as unknown_cost_count,
        order_date as entry_date
    from orders
    union all
    select
        movements.customer_key,
        cast(null as varchar) as buyer_key,
        0 as order_count,
        movements.net_amount,
        cast(
            case
                when
                    movements.gross_margin_amount is null
                    or (orders.order_key is not null and orders.contribution_margin_amount is null)
                    then 0
                else movements.net_amount
            end as numeric(18, 4)
        ) as fully_costed_net_amount,
        cast(
            coalesce(movements.gross_margin_amount + movements.shipping_amount, 0)
            as numeric(18, 4)
        ) as margin_amount,
        case when movements.gross_margin_amount is null then 1 else 0 end as unknown_cost_count,
        coalesce(movements.order_date, movements.movement_date) as entry_date
    from movements
    left join orders on movements.order_key = orders.order_key
)

select * from final
