-- The least net sales of the best customers: of ten persons the first's, of eleven the second's.
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
        movement_date
    from movements
)

select
    {{ surrogate_key(['days.store_key', 'days.movement_date']) }} as vip_cut_key,
    days.store_key,
    count(*) as customer_count,
    percentile_disc({{ var('vip_percentile') }}) within group (order by spans.net_amount desc)
        as cut_amount,
    days.movement_date as cut_date
from days
inner join spans
    on
        days.store_key = spans.store_key
        and days.movement_date >= spans.start_date
        and (spans.end_date is null or days.movement_date < spans.end_date)
group by
    days.store_key,
    days.movement_date
