{% set amounts = ['gross', 'discount', 'net', 'tax'] %}

with lines as (
    select * from {{ ref('int_order_lines_completed') }}
),

orders as (
    select * from {{ ref('int_orders_identified') }}
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
        case when lines.unit_cost_amount is null then 'unknown' else 'actual' end as cost_source,
        lines.quantity,
        lines.unit_price_amount as unit_price_store_amount,
        {%- for amount in amounts %}
            lines.{{ amount }}_amount as {{ amount }}_store_amount,
        {%- endfor %}
        lines.unit_cost_amount as unit_cost_store_amount,
        {%- for amount in amounts %}
            {{ money_multiply('lines.' ~ amount ~ '_amount', 'fx_rates.rate') }}
                as {{ amount }}_amount,
        {%- endfor %}
        {{ money_multiply(
            money_multiply('lines.unit_cost_amount', 'lines.quantity'), 'fx_rates.rate'
        ) }} as cost_amount,
        orders.counts_in_sales,
        lines.is_generated,
        orders.order_date,
        orders.placed_at,
        lines.delivered_at
    from lines
    inner join orders on lines.order_key = orders.order_key
    left join fx_rates
        on
            lines.currency_code = fx_rates.currency_code
            and orders.order_date = fx_rates.rate_date
)

select * from final
