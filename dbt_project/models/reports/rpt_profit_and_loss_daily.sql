{#
    Sales and the cost of their goods are booked on the day they move; fees, picking and carriage on
    the day of their order; advertising on its own. A cost that nobody knows is in no line: how much
    of the sales it concerns stands beside it.
#}
{% set lines = [
    'gross', 'discount', 'return', 'net', 'cost', 'gross_margin', 'costed_net', 'shipping_charged',
    'payment_fee', 'fulfillment_cost', 'shipping_cost', 'ad_spend',
] %}
{% set of_movements = ['gross', 'discount', 'return', 'net', 'cost', 'gross_margin', 'costed_net'] %}
{% set of_orders = ['shipping_charged', 'payment_fee', 'fulfillment_cost', 'shipping_cost'] %}

with movements as (
    select * from {{ ref('fct_sales_movements') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
    where counts_in_sales and order_date is not null
),

ad_performance as (
    select * from {{ ref('fct_ad_performance_daily') }}
),

dates as (
    select * from {{ ref('dim_dates') }}
),

entries as (
    select
        store_key,
        movement_date as pnl_date,
        0 as unknown_cost_order_count,
        {%- for line in lines %}
            {% if line in of_movements -%}
                coalesce({{ line }}_amount, 0) as {{ line }}_amount
            {%- else -%}
                0 as {{ line }}_amount
            {%- endif %}
            {{- ',' if not loop.last }}
        {%- endfor %}
    from movements
    union all
    select
        store_key,
        order_date as pnl_date,
        case when contribution_margin_amount is null then 1 else 0 end as unknown_cost_order_count,
        {%- for line in lines %}
            {% if line in of_orders -%}
                coalesce({{ line }}_amount, 0) as {{ line }}_amount
            {%- else -%}
                0 as {{ line }}_amount
            {%- endif %}
            {{- ',' if not loop.last }}
        {%- endfor %}
    from orders
    union all
    select
        store_key,
        ad_date as pnl_date,
        0 as unknown_cost_order_count,
        {%- for line in lines %}
            {% if line == 'ad_spend' -%}
                spend_amount as ad_spend_amount
            {%- else -%}
                0 as {{ line }}_amount
            {%- endif %}
            {{- ',' if not loop.last }}
        {%- endfor %}
    from ad_performance
),

summed as (
    select
        store_key,
        pnl_date,
        sum(unknown_cost_order_count) as unknown_cost_order_count,
        {%- for line in lines %}
            sum({{ line }}_amount) as {{ line }}_amount
            {{- ',' if not loop.last }}
        {%- endfor %}
    from entries
    group by store_key, pnl_date
),

final as (
    select
        {{ surrogate_key(['summed.store_key', 'summed.pnl_date']) }} as pnl_daily_key,
        summed.store_key,
        {%- for line in lines %}
            cast(summed.{{ line }}_amount as numeric(18, 4)) as {{ line }}_amount,
        {%- endfor %}
        cast(
            summed.gross_margin_amount + summed.shipping_charged_amount
            - summed.payment_fee_amount - summed.fulfillment_cost_amount
            - summed.shipping_cost_amount as numeric(18, 4)
        ) as contribution_margin_amount,
        cast(
            summed.gross_margin_amount + summed.shipping_charged_amount
            - summed.payment_fee_amount - summed.fulfillment_cost_amount
            - summed.shipping_cost_amount - summed.ad_spend_amount as numeric(18, 4)
        ) as margin_after_ads_amount,
        cast(summed.unknown_cost_order_count as bigint) as unknown_cost_order_count,
        {{ safe_divide('summed.costed_net_amount', 'summed.net_amount') }} as cost_coverage_rate,
        coalesce(dates.is_complete, true) as is_complete,
        summed.pnl_date
    from summed
    left join dates on summed.pnl_date = dates.date_day
)

select * from final
