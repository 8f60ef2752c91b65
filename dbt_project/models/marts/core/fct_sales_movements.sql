{% set parts = [
    'gross', 'discount', 'return', 'net', 'shipping', 'fee', 'gift_card', 'tip', 'manual',
    'sample', 'tax', 'total'
] %}

with movements as (
    select * from {{ ref('int_sales_movements') }}
),

costs as (
    select * from {{ ref('int_sales_movement_costs') }}
),

final as (
    select
        movements.sales_movement_key,
        movements.order_key,
        movements.order_line_key,
        movements.store_key,
        movements.customer_key,
        movements.product_key,
        movements.movement_type,
        movements.line_type,
        movements.currency_code,
        costs.cost_source,
        movements.quantity,
        {%- for part in parts %}
            movements.{{ part }}_amount,
        {%- endfor %}
        movements.net_store_amount,
        movements.total_store_amount,
        costs.cost_amount,
        cast(movements.net_amount - costs.cost_amount as numeric(18, 4)) as gross_margin_amount,
        cast(
            case when costs.cost_amount is not null then movements.net_amount else 0 end
            as numeric(18, 4)
        ) as costed_net_amount,
        movements.order_date,
        movements.movement_date,
        movements.happened_at
    from movements
    inner join costs on movements.sales_movement_key = costs.sales_movement_key
    where movements.counts_in_sales and movements.movement_date is not null
)

select * from final
