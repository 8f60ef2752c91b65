{#
    The least net sales of the best customers: of ten persons the first's, of eleven the second's.
    Spans meet days by way of months: days are joined by equality, and few are thrown away again.
#}
{{ config(materialized='table') }}

with spans as (
    select * from {{ ref('int_customer_spend_by_month') }}
),

movements as (
    select * from {{ ref('fct_sales_movements') }}
),

days as (
    select distinct
        store_key,
        movement_date,
        cast({{ dbt.date_trunc('month', 'movement_date') }} as date) as month_start_date
    from movements
)

select
    {{ surrogate_key(['days.store_key', 'days.movement_date']) }} as vip_cut_key,
    days.store_key,
    count(*) as customer_count,
    cast(
        percentile_disc({{ var('vip_percentile') }}) within group (
            order by spans.net_amount desc
        ) as numeric(18, 4)
    ) as cut_amount,
    days.movement_date as cut_date
from days
inner join spans
    on
        days.store_key = spans.store_key
        and days.month_start_date = spans.month_start_date
        and days.movement_date >= spans.start_date
        and (spans.end_date is null or days.movement_date < spans.end_date)
group by
    days.store_key,
    days.movement_date
