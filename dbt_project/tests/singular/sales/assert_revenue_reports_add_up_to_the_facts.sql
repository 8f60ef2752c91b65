-- By every dimension and period, and in the profit and loss: what is booked in the star.
{{ config(meta={'pitfall': 2}) }}

with movements as (
    select
        coalesce(sum(net_amount), 0) as net_amount,
        coalesce(sum(return_amount), 0) as return_amount,
        coalesce(sum(gross_margin_amount), 0) as gross_margin_amount
    from {{ ref('fct_sales_movements') }}
),

orders as (
    select
        count(*) as order_count,
        coalesce(sum(payment_fee_amount), 0) as payment_fee_amount,
        coalesce(sum(shipping_charged_amount), 0) as shipping_charged_amount
    from {{ ref('fct_orders') }}
    where counts_in_sales and order_date is not null
),

ads as (
    select coalesce(sum(spend_amount), 0) as spend_amount
    from {{ ref('fct_ad_performance_daily') }}
),

revenue as (
    select
        period_type || ' by ' || dimension as report,
        sum(net_amount) as net_amount,
        sum(return_amount) as return_amount,
        sum(order_count) as order_count
    from {{ ref('rpt_revenue_periods') }}
    group by period_type, dimension
),

pnl as (
    select
        coalesce(sum(net_amount), 0) as net_amount,
        coalesce(sum(gross_margin_amount), 0) as gross_margin_amount,
        coalesce(sum(payment_fee_amount), 0) as payment_fee_amount,
        coalesce(sum(shipping_charged_amount), 0) as shipping_charged_amount,
        coalesce(sum(ad_spend_amount), 0) as ad_spend_amount
    from {{ ref('rpt_profit_and_loss_daily') }}
),

products as (
    select 'products' as report, coalesce(sum(net_amount), 0) as net_amount
    from {{ ref('fct_product_performance_daily') }}
    union all
    select 'categories' as report, coalesce(sum(net_amount), 0) as net_amount
    from {{ ref('fct_category_performance_daily') }}
)

select revenue.report
from revenue
cross join movements
cross join orders
where
    revenue.net_amount != movements.net_amount
    or revenue.return_amount != movements.return_amount
    or revenue.order_count != orders.order_count
union all
select 'profit and loss' as report
from pnl
cross join movements
cross join orders
cross join ads
where
    pnl.net_amount != movements.net_amount
    or pnl.gross_margin_amount != movements.gross_margin_amount
    or pnl.payment_fee_amount != orders.payment_fee_amount
    or pnl.shipping_charged_amount != orders.shipping_charged_amount
    or pnl.ad_spend_amount != ads.spend_amount
union all
select products.report
from products
cross join movements
where products.net_amount != movements.net_amount
