-- Same-day purchases of a customer are one purchase day: the gap runs from the purchase day before.
with orders as (
    select * from {{ ref('int_orders_identified') }}
    where has_purchase_status
),

lines as (
    select * from {{ ref('int_order_lines_completed') }}
),

-- Shipping, a fee or a tip does not make a purchase of an order of gift cards.
priced as (
    select
        order_key,
        case line_type
            when 'gift_card' then 'gift_card'
            when 'tip' then 'tip'
            when 'shipping' then 'service'
            when 'fee' then 'service'
            else 'bought'
        end as kind
    from lines
    where quantity > 0 and unit_price_amount > 0
),

bought as (
    select
        order_key,
        case
            when max(case when kind = 'bought' then 1 else 0 end) = 1 then 1
            when max(case when kind = 'gift_card' then 1 else 0 end) = 1 then 0
            else max(case when kind = 'service' then 1 else 0 end)
        end as has_bought
    from priced
    group by order_key
),

purchases as (
    select
        orders.order_key,
        orders.customer_key,
        orders.order_date,
        orders.placed_at
    from orders
    inner join bought on orders.order_key = bought.order_key
    where bought.has_bought = 1
),

days as (
    select
        customer_key,
        order_date,
        lag(order_date) over (partition by customer_key order by order_date)
            as previous_purchase_date,
        row_number() over (partition by customer_key order by order_date) as purchase_day_number
    from purchases
    where customer_key is not null
    group by customer_key, order_date
),

numbered as (
    select
        order_key,
        case
            when customer_key is not null
                then row_number() over (partition by customer_key order by placed_at, order_key)
        end as purchase_number
    from purchases
),

final as (
    select
        purchases.order_key,
        cast(numbered.purchase_number as bigint) as purchase_number,
        cast(days.purchase_day_number as bigint) as purchase_day_number,
        {{ days_between('days.previous_purchase_date', 'days.order_date') }}
            as days_since_previous_purchase
    from purchases
    inner join numbered on purchases.order_key = numbered.order_key
    left join days
        on
            purchases.customer_key = days.customer_key
            and purchases.order_date = days.order_date
)

select * from final
