-- What one unit cost when the order was placed, in the order's currency: what the line itself says,
-- else the cost observed last by then.
{{ config(materialized='table') }}

with lines as (
    select * from {{ ref('int_order_lines_completed') }}
    where line_type = 'goods'
),

orders as (
    select * from {{ ref('int_orders_identified') }}
),

unit_costs as (
    select * from {{ ref('int_unit_costs_bounded') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_filled') }}
),

dated as (
    select
        lines.order_line_key,
        lines.order_key,
        {{ item_key('lines') }} as item_key,
        lines.currency_code,
        lines.unit_cost_amount,
        orders.order_date,
        orders.placed_at
    from lines
    inner join orders on lines.order_key = orders.order_key
),

observed as (
    select
        dated.order_line_key,
        dated.order_key,
        dated.unit_cost_amount as stated_amount,
        case
            when unit_costs.currency_code = dated.currency_code then unit_costs.unit_cost_amount
            else
                {{ money_share(
                    'unit_costs.unit_cost_amount', 'cost_rates.rate', 'line_rates.rate'
                ) }}
        end as observed_amount,
        unit_costs.observed_at > dated.placed_at as is_observed_later
    from dated
    left join unit_costs
        on
            dated.item_key = unit_costs.item_key
            and (unit_costs.valid_from is null or dated.placed_at >= unit_costs.valid_from)
            and (unit_costs.valid_to is null or dated.placed_at < unit_costs.valid_to)
    left join fx_rates as cost_rates
        on
            unit_costs.currency_code = cost_rates.currency_code
            and dated.order_date = cost_rates.rate_date
    left join fx_rates as line_rates
        on
            dated.currency_code = line_rates.currency_code
            and dated.order_date = line_rates.rate_date
),

final as (
    select
        order_line_key,
        order_key,
        case
            when coalesce(stated_amount, observed_amount) is null then 'unknown' else 'actual'
        end as cost_source,
        coalesce(stated_amount, observed_amount) as unit_cost_amount,
        stated_amount is null
        and observed_amount is not null
        and is_observed_later as is_cost_backdated
    from observed
)

select * from final
