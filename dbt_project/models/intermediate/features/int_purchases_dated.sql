{#
    What was a purchase when it was placed, and until when. What the lines of an order say stands
    beside it, of the placement alone: what an edit adds later was not known that day.
#}
{{ config(materialized='table') }}

with orders as (
    select * from {{ ref('fct_orders') }}
    where
        customer_key is not null
        and order_date <= {{ as_of() }}
        and (counts_as_purchase or (counts_in_sales and is_cancelled and gross_amount > 0))
),

stores as (
    select * from {{ ref('dim_stores') }}
),

movements as (
    select * from {{ ref('fct_sales_movements') }}
    where movement_type = 'order' and line_type = 'goods' and quantity > 0
),

placed as (
    select
        movements.order_key,
        orders.customer_key,
        movements.product_key,
        movements.discount_amount,
        orders.order_date
    from movements
    inner join orders on movements.order_key = orders.order_key
),

product_days as (
    select
        customer_key,
        product_key,
        order_date,
        min(order_key) as order_key,
        lag(order_date) over (partition by customer_key, product_key order by order_date)
            as previous_order_date
    from placed
    where product_key is not null
    group by customer_key, product_key, order_date
),

lines as (
    select
        placed.order_key,
        count(*) as line_count,
        sum(case when placed.discount_amount = 0 then 1 else 0 end) as full_price_line_count,
        count(placed.product_key) as product_line_count,
        count(product_days.previous_order_date) as repeat_line_count
    from placed
    left join product_days
        on
            placed.customer_key = product_days.customer_key
            and placed.product_key = product_days.product_key
            and placed.order_date = product_days.order_date
    group by placed.order_key
),

gaps as (
    select
        order_key,
        {{ days_between('previous_order_date', 'order_date') }} as gap_days
    from product_days
    where previous_order_date is not null
),

repeats as (
    select
        order_key,
        count(*) as repeat_gap_count,
        sum(gap_days) as repeat_gap_days,
        sum(gap_days * gap_days) as repeat_gap_days_squared
    from gaps
    group by order_key
),

final as (
    select
        orders.order_key,
        orders.customer_key,
        orders.gross_amount,
        orders.discount_amount,
        cast(orders.gross_amount - orders.discount_amount as numeric(18, 4)) as placed_net_amount,
        cast(coalesce(lines.line_count, 0) as bigint) as line_count,
        cast(coalesce(lines.full_price_line_count, 0) as bigint) as full_price_line_count,
        cast(coalesce(lines.product_line_count, 0) as bigint) as product_line_count,
        cast(coalesce(lines.repeat_line_count, 0) as bigint) as repeat_line_count,
        cast(coalesce(repeats.repeat_gap_count, 0) as bigint) as repeat_gap_count,
        cast(coalesce(repeats.repeat_gap_days, 0) as bigint) as repeat_gap_days,
        cast(coalesce(repeats.repeat_gap_days_squared, 0) as bigint) as repeat_gap_days_squared,
        orders.order_date,
        case
            when not orders.counts_as_purchase
                then {{ local_date('orders.cancelled_at', 'stores.timezone') }}
        end as cancelled_date
    from orders
    inner join stores on orders.store_key = stores.store_key
    left join lines on orders.order_key = lines.order_key
    left join repeats on orders.order_key = repeats.order_key
)

select * from final
