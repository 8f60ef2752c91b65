-- Orders' margins by line, so that they can be told by product. A line keeps what is booked on it;
-- what is booked on the order, and what the order costs, is shared by the goods' gross.
{{ config(materialized='table') }}

{% set shared = [
    'rest_net_amount', 'rest_cost_amount', 'shipping_charged_amount', 'payment_fee_amount',
    'fulfillment_cost_amount', 'shipping_cost_amount'
] %}

with lines as (
    select * from {{ ref('int_order_lines_completed') }}
),

movements as (
    select * from {{ ref('int_sales_movements') }}
),

movement_costs as (
    select * from {{ ref('int_sales_movement_costs') }}
),

order_margins as (
    select * from {{ ref('int_order_margins') }}
),

located as (
    select
        movements.order_key,
        lines.order_line_key,
        movements.net_amount,
        movement_costs.cost_amount
    from movements
    inner join movement_costs
        on movements.sales_movement_key = movement_costs.sales_movement_key
    left join lines
        on
            movements.order_line_key = lines.order_line_key
            and movements.order_key = lines.order_key
    where movements.order_key is not null
),

booked as (
    select
        order_key,
        order_line_key,
        sum(net_amount) as net_amount,
        case when count(*) = count(cost_amount) then sum(cost_amount) end as cost_amount
    from located
    group by order_key, order_line_key
),

wholes as (
    select
        lines.order_key,
        lines.order_line_key,
        case
            when lines.line_type = 'goods' and lines.gross_amount > 0 then lines.gross_amount else 0
        end as weight,
        coalesce(rests.net_amount, 0) as rest_net_amount,
        case when rests.order_key is null then 0 else rests.cost_amount end as rest_cost_amount,
        order_margins.shipping_charged_amount,
        order_margins.payment_fee_amount,
        order_margins.fulfillment_cost_amount,
        order_margins.shipping_cost_amount
    from lines
    inner join order_margins on lines.order_key = order_margins.order_key
    left join booked as rests
        on
            lines.order_key = rests.order_key
            and rests.order_line_key is null
),

parts as (
    {{ allocate_amounts('wholes', shared) }}
),

summed as (
    select
        parts.order_line_key,
        coalesce(booked.net_amount, 0) + parts.rest_net_amount as net_amount,
        case when booked.order_line_key is null then 0 else booked.cost_amount end
        + parts.rest_cost_amount as cost_amount,
        parts.shipping_charged_amount,
        parts.payment_fee_amount,
        parts.fulfillment_cost_amount,
        parts.shipping_cost_amount
    from parts
    left join booked on parts.order_line_key = booked.order_line_key
),

margins as (
    select
        *,
        net_amount - cost_amount as gross_margin_amount,
        net_amount
        - cost_amount
        - payment_fee_amount
        - fulfillment_cost_amount
        - shipping_cost_amount
        + shipping_charged_amount as contribution_margin_amount
    from summed
),

final as (
    select
        order_line_key,
        {%- for amount in [
            'net', 'cost', 'gross_margin', 'payment_fee', 'fulfillment_cost', 'shipping_cost',
            'shipping_charged', 'contribution_margin'
        ] %}
            cast({{ amount }}_amount as numeric(18, 4)) as {{ amount }}_amount,
        {%- endfor %}
        cast(case when cost_amount is not null then net_amount else 0 end as numeric(18, 4))
            as costed_net_amount,
        cast(
            case when contribution_margin_amount is not null then net_amount else 0 end
            as numeric(18, 4)
        ) as fully_costed_net_amount
    from margins
)

select * from final
