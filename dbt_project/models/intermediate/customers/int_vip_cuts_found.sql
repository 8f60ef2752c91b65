{#
    The least net sales of the best customers: of ten persons the first's, of eleven the second's.
    Spans meet days by way of months: days are joined by equality, and few are thrown away again.
#}
{{ config(materialized='table') }}

with spans as (
    select * from {{ ref('int_customer_spend_spanned') }}
    where net_amount > 0
),

movements as (
    select * from {{ ref('fct_sales_movements') }}
),

days as (
    select distinct
        store_key,
        movement_date,
        cast({{ dbt.date_trunc('month', 'movement_date') }} as date) as month_start
    from movements
),

months as (
    select
        store_key,
        month_start,
        max(movement_date) as last_date
    from days
    group by store_key, month_start
),

cut_by_month as (
    select
        spans.store_key,
        months.month_start,
        spans.net_amount,
        spans.start_date,
        spans.end_date
    from spans
    inner join months
        on
            spans.store_key = months.store_key
            and spans.start_date <= months.last_date
            and (spans.end_date is null or spans.end_date > months.month_start)
)

select
    {{ surrogate_key(['days.store_key', 'days.movement_date']) }} as vip_cut_key,
    days.store_key,
    count(*) as customer_count,
    cast(
        percentile_disc({{ var('vip_percentile') }}) within group (
            order by cut_by_month.net_amount desc
        ) as numeric(18, 4)
    ) as cut_amount,
    days.movement_date as cut_date
from days
inner join cut_by_month
    on
        days.store_key = cut_by_month.store_key
        and days.month_start = cut_by_month.month_start
        and days.movement_date >= cut_by_month.start_date
        and (cut_by_month.end_date is null or days.movement_date < cut_by_month.end_date)
group by
    days.store_key,
    days.movement_date
