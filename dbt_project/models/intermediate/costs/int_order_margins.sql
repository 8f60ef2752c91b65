-- To date: an order's net sales and the cost of the goods that stayed with the customer, whenever
-- they were booked, less what the order costs besides.
{{ config(materialized='table') }}

with order_costs as (
    select * from {{ ref('int_order_costs_completed') }}
),

movements as (
    select * from {{ ref('int_sales_movements') }}
),

movement_costs as (
    select * from {{ ref('int_sales_movement_costs') }}
),

moved as (
    select
        movements.order_key,
        sum(movements.net_amount) as net_amount,
        sum(movements.shipping_amount) as shipping_charged_amount,
        case when count(*) = count(movement_costs.cost_amount) then sum(movement_costs.cost_amount)
        end as cost_of_goods_amount,
        count(movement_costs.cost_source) as goods_count,
        sum(case when movements.movement_type = 'order' then movements.gross_amount else 0 end)
            as gross_amount,
        sum(
            case
                when
                    movements.movement_type = 'order' and movement_costs.cost_amount is not null
                    then movements.gross_amount
                else 0
            end
        ) as costed_gross_amount,
        sum(case when movement_costs.cost_amount is not null then movements.net_amount else 0 end)
            as costed_net_amount
    from movements
    inner join movement_costs
        on movements.sales_movement_key = movement_costs.sales_movement_key
    where movements.order_key is not null
    group by movements.order_key
),

summed as (
    select
        order_costs.order_key,
        order_costs.payment_fee_source,
        order_costs.fulfillment_cost_source,
        order_costs.shipping_cost_source,
        case
            when moved.cost_of_goods_amount is null and moved.order_key is not null then 'unknown'
            when moved.goods_count > 0 then 'actual'
        end as cost_source,
        coalesce(moved.net_amount, 0) as net_amount,
        coalesce(moved.shipping_charged_amount, 0) as shipping_charged_amount,
        case when moved.order_key is null then 0 else moved.cost_of_goods_amount end
            as cost_of_goods_amount,
        coalesce(moved.costed_net_amount, 0) as costed_net_amount,
        {{ safe_divide('moved.costed_gross_amount', 'moved.gross_amount') }} as cost_coverage_rate,
        order_costs.payment_fee_amount,
        order_costs.fulfillment_cost_amount,
        order_costs.shipping_cost_amount,
        order_costs.other_cost_amount
    from order_costs
    left join moved on order_costs.order_key = moved.order_key
),

margins as (
    select
        *,
        net_amount - cost_of_goods_amount as gross_margin_amount,
        net_amount
        - cost_of_goods_amount
        - payment_fee_amount
        - fulfillment_cost_amount
        - shipping_cost_amount
        + shipping_charged_amount as contribution_margin_amount
    from summed
),

final as (
    select
        order_key,
        cost_source,
        payment_fee_source,
        fulfillment_cost_source,
        shipping_cost_source,
        cast(net_amount as numeric(18, 4)) as net_amount,
        cast(cost_of_goods_amount as numeric(18, 4)) as cost_of_goods_amount,
        cast(gross_margin_amount as numeric(18, 4)) as gross_margin_amount,
        cast(costed_net_amount as numeric(18, 4)) as costed_net_amount,
        cost_coverage_rate,
        payment_fee_amount,
        fulfillment_cost_amount,
        shipping_cost_amount,
        other_cost_amount,
        cast(shipping_charged_amount as numeric(18, 4)) as shipping_charged_amount,
        cast(contribution_margin_amount as numeric(18, 4)) as contribution_margin_amount,
        cast(
            case when contribution_margin_amount is not null then net_amount else 0 end
            as numeric(18, 4)
        ) as fully_costed_net_amount
    from margins
)

select * from final
