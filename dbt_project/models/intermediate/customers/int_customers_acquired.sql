-- Who has bought, and where the first purchase came from. Of a day's purchases in two zones the
-- first by time tells the store; the day is the first on any store's calendar.
{{ config(materialized='table') }}

with orders as (
    select * from {{ ref('fct_orders') }}
    where counts_as_purchase and customer_key is not null and order_date is not null
),

attribution as (
    select * from {{ ref('fct_order_attribution') }}
    where attribution_model = 'last_non_direct_touch'
),

ranked as (
    select
        customer_key,
        order_key,
        store_key,
        country_code,
        min(order_date) over (partition by customer_key) as first_purchase_date,
        row_number() over (partition by customer_key order by placed_at, order_key) as order_rank
    from orders
)

select
    ranked.customer_key,
    ranked.order_key as first_order_key,
    ranked.store_key,
    attribution.channel_key,
    attribution.campaign_key,
    ranked.country_code,
    ranked.first_purchase_date
from ranked
inner join attribution on ranked.order_key = attribution.order_key
where ranked.order_rank = 1
