{#
    What an order is worth when it is placed: its lines less their discounts, and the tax where
    prices come without it. An edit adds lines that were not there then.
#}
{{ config(meta={'pitfall': [1, 7, 9]}) }}

with orders as (
    select * from {{ ref('stg_shopify__orders') }}
    where not is_edited
),

lines as (
    select * from {{ ref('stg_shopify__order_lines') }}
    where not is_deleted
),

line_sums as (
    select
        account_id,
        order_id,
        sum(gross_amount - discount_amount) as paid_amount,
        sum(tax_amount) as tax_amount
    from lines
    group by account_id, order_id
)

select
    orders.account_id,
    orders.order_id,
    orders.total_amount,
    line_sums.paid_amount,
    line_sums.tax_amount
from orders
left join line_sums
    on
        orders.account_id = line_sums.account_id
        and orders.order_id = line_sums.order_id
where
    orders.total_amount
    != coalesce(line_sums.paid_amount, 0)
    + case when orders.is_tax_inclusive then 0 else coalesce(line_sums.tax_amount, 0) end
