-- A table, so that days meet spans month by month on every engine, whatever it would join first.
{{ config(materialized='table') }}

with spans as (
    select * from {{ ref('int_customer_spend_spanned') }}
    where net_amount > 0
),

movements as (
    select * from {{ ref('fct_sales_movements') }}
),

months as (
    select distinct
        store_key,
        cast({{ dbt.date_trunc('month', 'movement_date') }} as date) as month_start
    from movements
)

select
    {{ surrogate_key(['spans.customer_spend_span_key', 'months.month_start']) }}
        as customer_spend_month_key,
    spans.store_key,
    spans.customer_key,
    spans.net_amount,
    spans.start_date,
    spans.end_date,
    months.month_start as month_start_date
from spans
inner join months
    on
        spans.store_key = months.store_key
        and spans.start_date < {{ dbt.dateadd('month', 1, 'months.month_start') }}
        and (spans.end_date is null or spans.end_date > months.month_start)
