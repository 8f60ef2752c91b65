-- The cost of the goods that a movement moves: what comes back gives its cost back, at the rate of
-- its own day. A return that names no line, but a product that is sold in one form only, gives
-- back what that cost when it came.
{{ config(materialized='table') }}

with movements as (
    select * from {{ ref('int_sales_movements') }}
),

line_costs as (
    select * from {{ ref('int_order_line_costs') }}
),

unit_costs as (
    select * from {{ ref('int_unit_costs_bounded') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_filled') }}
),

moved as (
    select
        movements.sales_movement_key,
        movements.order_key,
        movements.order_line_key,
        movements.currency_code,
        case when movements.line_type = 'goods' then coalesce(movements.quantity, 0) else 0 end
            as quantity,
        case
            when movements.order_line_key is null and movements.product_key is not null
                then {{ product_item_key('movements') }}
        end as item_key,
        line_costs.unit_cost_amount as line_cost_amount,
        movements.movement_date,
        movements.happened_at
    from movements
    left join line_costs on movements.order_line_key = line_costs.order_line_key
),

costed as (
    select
        moved.sales_movement_key,
        moved.order_key,
        moved.order_line_key,
        moved.quantity,
        case
            when moved.quantity = 0 then 0
            when moved.line_cost_amount is not null
                then {{ money_multiply('moved.line_cost_amount', 'moved.quantity') }}
            when unit_costs.currency_code = moved.currency_code
                then {{ money_multiply('unit_costs.unit_cost_amount', 'moved.quantity') }}
            else
                {{ money_multiply(
                    money_share('unit_costs.unit_cost_amount', 'cost_rates.rate', 'own_rates.rate'),
                    'moved.quantity'
                ) }}
        end as cost_store_amount,
        own_rates.rate
    from moved
    left join unit_costs
        on
            moved.item_key = unit_costs.item_key
            and (unit_costs.valid_from is null or moved.happened_at >= unit_costs.valid_from)
            and (unit_costs.valid_to is null or moved.happened_at < unit_costs.valid_to)
    left join fx_rates as cost_rates
        on
            unit_costs.currency_code = cost_rates.currency_code
            and moved.movement_date = cost_rates.rate_date
    left join fx_rates as own_rates
        on
            moved.currency_code = own_rates.currency_code
            and moved.movement_date = own_rates.rate_date
),

final as (
    select
        sales_movement_key,
        order_key,
        order_line_key,
        case
            when quantity = 0 then cast(null as varchar)
            when cost_store_amount is null or rate is null then 'unknown'
            else 'actual'
        end as cost_source,
        cast(cost_store_amount as numeric(18, 4)) as cost_store_amount,
        case
            when quantity = 0 then cast(0 as numeric(18, 4))
            else {{ money_multiply('cost_store_amount', 'rate') }}
        end as cost_amount
    from costed
)

select * from final
