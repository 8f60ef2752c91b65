-- A customer belongs to the store, channel and country of the first purchase, whatever the next is.
with orders as (
    select * from {{ ref('fct_orders') }}
    where counts_as_purchase and customer_key is not null and order_date is not null
),

customers as (
    select * from {{ ref('int_customers_acquired') }}
),

purchase_days as (
    select distinct
        customer_key,
        order_date
    from orders
),

preceded as (
    select
        customer_key,
        lag(order_date) over (partition by customer_key order by order_date)
            as previous_purchase_date,
        order_date as purchase_date
    from purchase_days
),

final as (
    select
        {{ surrogate_key(['preceded.customer_key', 'preceded.purchase_date']) }}
            as purchase_gap_key,
        customers.store_key,
        preceded.customer_key,
        customers.channel_key,
        customers.country_code,
        {{ days_between('preceded.previous_purchase_date', 'preceded.purchase_date') }}
            as gap_days,
        preceded.previous_purchase_date,
        preceded.purchase_date
    from preceded
    inner join customers on preceded.customer_key = customers.customer_key
    where preceded.previous_purchase_date is not null
)

select * from final
