-- Who bought what on which day, and when the next time.
{{ config(materialized='table') }}

with lines as (
    select * from {{ ref('fct_order_lines') }}
    where
        line_type = 'goods'
        and quantity > 0
        and product_key is not null
        and customer_key is not null
),

orders as (
    select * from {{ ref('fct_orders') }}
    where counts_as_purchase and order_date <= {{ as_of() }}
),

products as (
    select * from {{ ref('dim_products') }}
),

purchase_days as (
    select distinct
        lines.customer_key,
        lines.product_key,
        lines.store_key,
        orders.order_date as purchase_date
    from lines
    inner join orders on lines.order_key = orders.order_key
),

followed as (
    select
        *,
        lead(purchase_date) over (
            partition by customer_key, product_key order by purchase_date
        ) as next_purchase_date
    from purchase_days
)

select
    {{ surrogate_key(['followed.customer_key', 'followed.product_key', 'followed.purchase_date']) }}
        as product_purchase_key,
    followed.customer_key,
    followed.product_key,
    followed.store_key,
    products.category,
    {{ days_between('followed.purchase_date', 'followed.next_purchase_date') }} as gap_days,
    followed.purchase_date,
    followed.next_purchase_date
from followed
inner join products on followed.product_key = products.product_key
