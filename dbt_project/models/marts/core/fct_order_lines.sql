{% set amounts = ['gross', 'discount', 'net', 'tax'] %}

with lines as (
    select * from {{ ref('int_order_lines_completed') }}
),

orders as (
    select * from {{ ref('int_orders_identified') }}
),

line_costs as (
    select * from {{ ref('int_order_line_costs') }}
),

margins as (
    select * from {{ ref('int_order_line_margins') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_filled') }}
),

final as (
    select
        lines.order_line_key,
        lines.order_key,
        lines.store_key,
        orders.customer_key,
        lines.product_key,
        lines.variant_key,
        lines.line_id,
        lines.line_type,
        lines.sku,
        lines.line_name,
        lines.currency_code,
        line_costs.cost_source,
        lines.quantity,
        lines.unit_price_amount as unit_price_store_amount,
        {%- for amount in amounts %}
            lines.{{ amount }}_amount as {{ amount }}_store_amount,
        {%- endfor %}
        line_costs.unit_cost_amount as unit_cost_store_amount,
        {%- for amount in amounts %}
            {{ money_multiply('lines.' ~ amount ~ '_amount', 'fx_rates.rate') }}
                as {{ amount }}_amount,
        {%- endfor %}
        case
            when lines.line_type != 'goods' then cast(0 as numeric(18, 4))
            else
                {{ money_multiply(
                    money_multiply('line_costs.unit_cost_amount', 'lines.quantity'),
                    'fx_rates.rate'
                ) }}
        end as cost_amount,
        margins.net_amount as net_to_date_amount,
        margins.cost_amount as cost_to_date_amount,
        margins.gross_margin_amount,
        margins.costed_net_amount,
        margins.payment_fee_amount,
        margins.fulfillment_cost_amount,
        margins.shipping_cost_amount,
        margins.shipping_charged_amount,
        margins.contribution_margin_amount,
        margins.fully_costed_net_amount,
        orders.counts_in_sales,
        lines.is_generated,
        coalesce(line_costs.is_cost_backdated, false) as is_cost_backdated,
        orders.order_date,
        orders.placed_at,
        lines.delivered_at
    from lines
    inner join orders on lines.order_key = orders.order_key
    inner join margins on lines.order_line_key = margins.order_line_key
    left join line_costs on lines.order_line_key = line_costs.order_line_key
    left join fx_rates
        on
            lines.currency_code = fx_rates.currency_code
            and orders.order_date = fx_rates.rate_date
)

select * from final
