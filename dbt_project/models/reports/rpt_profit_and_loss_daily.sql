{#
    Sales and the cost of their goods are booked on the day they move; fees, picking and carriage on
    the day of their order; advertising on its own. A cost that nobody knows is in no line: how much
    of the sales it concerns stands beside it.
#}
{% set of_movements = [
    'gross', 'discount', 'return', 'net', 'cost', 'gross_margin', 'costed_net',
] %}
{% set of_orders = ['shipping_charged', 'payment_fee', 'fulfillment_cost', 'shipping_cost'] %}
{% set lines = of_movements + of_orders + ['ad_spend'] %}

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
        0 as unknown_cost_order_count,
        {%- for line in of_movements %}
            coalesce({{ line }}_amount, 0) as {{ line }}_amount,
        {%- endfor %}
        {%- for line in of_orders %}
            0 as {{ line }}_amount,
        {%- endfor %}
        0 as ad_spend_amount,
        movement_date as pnl_date
    from movements
    union all
    select
        store_key,
        case when contribution_margin_amount is null then 1 else 0 end as unknown_cost_order_count,
        {%- for line in of_movements %}
            0 as {{ line }}_amount,
        {%- endfor %}
        {%- for line in of_orders %}
            coalesce({{ line }}_amount, 0) as {{ line }}_amount,
        {%- endfor %}
        0 as ad_spend_amount,
        order_date as pnl_date
    from orders
    union all
    select
        store_key,
        0 as unknown_cost_order_count,
        {%- for line in of_movements + of_orders %}
            0 as {{ line }}_amount,
        {%- endfor %}
        spend_amount as ad_spend_amount,
        ad_date as pnl_date
    from ad_performance
),

summed as (
    select
        store_key,
        sum(unknown_cost_order_count) as unknown_cost_order_count,
        {%- for line in lines %}
            sum({{ line }}_amount) as {{ line }}_amount,
        {%- endfor %}
        pnl_date
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
