{# The sales that Shopify books when an order is placed are the order's total. #}
with orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

agreements as (
    select * from {{ ref('stg_shopify__sales_agreements') }}
    where reason = 'order'
),

agreed as (
    select
        account_id,
        order_id,
        sum(total_amount) as total_amount
    from agreements
    group by account_id, order_id
)

select
    orders.account_id,
    orders.order_id,
    orders.total_amount,
    agreed.total_amount as agreed_amount
from orders
left join agreed
    on
        orders.account_id = agreed.account_id
        and orders.order_id = agreed.order_id
where orders.total_amount != coalesce(agreed.total_amount, 0)
