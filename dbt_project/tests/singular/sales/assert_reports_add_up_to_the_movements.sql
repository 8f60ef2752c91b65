-- Every day and every class, those without an order too.
{{ config(meta={'pitfall': 2}) }}

with movements as (
    select * from {{ ref('fct_sales_movements') }}
),

revenue as (
    select * from {{ ref('rpt_revenue_daily') }}
),

kpis as (
    select * from {{ ref('rpt_kpi_daily') }}
),

classes as (
    select * from {{ ref('rpt_sales_classes') }}
),

sums as (
    select
        (select coalesce(sum(net_amount), 0) from movements) as net_amount,
        (select coalesce(sum(net_amount), 0) from revenue) as revenue_amount,
        (select coalesce(sum(net_amount), 0) from kpis) as kpi_amount,
        (select coalesce(sum(total_amount), 0) from movements) as total_amount,
        (select coalesce(sum(amount), 0) from classes) as class_amount
)

select
    net_amount,
    revenue_amount,
    kpi_amount,
    total_amount,
    class_amount
from sums
where
    net_amount != revenue_amount
    or net_amount != kpi_amount
    or total_amount != class_amount
