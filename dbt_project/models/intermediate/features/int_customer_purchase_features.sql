{#
    What a customer's purchases told on each snapshot's day. An order that was cancelled later was a
    purchase until then; it is none any more from the day of its cancellation on.
#}
{{ config(materialized='table') }}

with purchases as (
    select * from {{ ref('int_purchases_dated') }}
),

snapshots as (
    select * from {{ ref('int_snapshot_dates') }}
),

known as (
    select
        purchases.*,
        snapshots.snapshot_date
    from purchases
    inner join snapshots
        on
            purchases.order_date <= snapshots.snapshot_date
            and (
                purchases.cancelled_date is null
                or purchases.cancelled_date > snapshots.snapshot_date
            )
),

orders as (
    select
        customer_key,
        snapshot_date,
        count(*) as order_count,
        sum(placed_net_amount) as placed_net_amount,
        max(placed_net_amount) as highest_order_value_amount,
        sum(case when discount_amount > 0 then 1 else 0 end) as discounted_order_count,
        -- Decimals: what doubles sum to depends on who comes first.
        avg(cast({{ safe_divide('discount_amount', 'gross_amount') }} as numeric(18, 10)))
            as mean_discount_rate,
        sum(line_count) as line_count,
        sum(full_price_line_count) as full_price_line_count,
        sum(product_line_count) as product_line_count,
        sum(repeat_line_count) as repeat_line_count,
        sum(repeat_gap_count) as repeat_gap_count,
        sum(repeat_gap_days) as repeat_gap_days,
        sum(repeat_gap_days_squared) as repeat_gap_days_squared
    from known
    group by customer_key, snapshot_date
),

spread as (
    select
        customer_key,
        snapshot_date,
        {{ safe_divide('repeat_gap_days', 'repeat_gap_count') }} as mean_repeat_gap,
        {{ deviation('repeat_gap_count', 'repeat_gap_days', 'repeat_gap_days_squared') }}
            as repeat_gap_deviation
    from orders
    where repeat_gap_count > 1
),

purchase_days as (
    select
        customer_key,
        snapshot_date,
        order_date,
        {{ days_between('order_date', 'snapshot_date') }} as days_ago,
        {{ days_between(
            'lag(order_date) over (partition by customer_key, snapshot_date order by order_date)',
            'order_date'
        ) }} as gap_days,
        cast(0.5235987755982988 * extract(month from order_date) as double precision)
            as month_angle
    from known
    group by customer_key, snapshot_date, order_date
),

days as (
    select
        customer_key,
        snapshot_date,
        count(*) as purchase_day_count,
        sum(case when days_ago < 90 then 1 else 0 end) as purchase_day_count_90d,
        sum(case when days_ago < 365 then 1 else 0 end) as purchase_day_count_365d,
        max(days_ago) as days_since_first_purchase,
        min(days_ago) as days_since_last_purchase,
        count(gap_days) as gap_count,
        sum(gap_days) as gap_days,
        sum(gap_days * gap_days) as gap_days_squared,
        sum(cos(month_angle)) as month_cosine,
        sum(sin(month_angle)) as month_sine
    from purchase_days
    group by customer_key, snapshot_date
),

final as (
    select
        days.customer_key,
        cast(days.purchase_day_count as bigint) as purchase_day_count,
        cast(days.purchase_day_count_90d as bigint) as purchase_day_count_90d,
        cast(days.purchase_day_count_365d as bigint) as purchase_day_count_365d,
        days.days_since_first_purchase,
        days.days_since_last_purchase,
        cast(orders.order_count as bigint) as order_count,
        {{ money_share('orders.placed_net_amount', '1', 'orders.order_count') }}
            as average_order_value_amount,
        cast(orders.highest_order_value_amount as numeric(18, 4)) as highest_order_value_amount,
        {{ safe_divide('orders.discounted_order_count', 'orders.order_count') }}
            as discounted_order_share,
        cast(orders.mean_discount_rate as double precision) as mean_discount_rate,
        {{ safe_divide('orders.full_price_line_count', 'orders.line_count') }} as full_price_share,
        {{ safe_divide('days.gap_days', 'days.gap_count') }} as mean_gap_days,
        {{ safe_divide(
            deviation('days.gap_count', 'days.gap_days', 'days.gap_days_squared'),
            safe_divide('days.gap_days', 'days.gap_count')
        ) }} as gap_variation,
        cast(
            cast(
                {{ safe_divide(
                    'sqrt(power(days.month_cosine, 2) + power(days.month_sine, 2))',
                    'days.purchase_day_count'
                ) }} as numeric(18, 10)
            ) as double precision
        ) as month_concentration,
        {{ safe_divide('orders.repeat_line_count', 'orders.product_line_count') }}
            as repeat_line_share,
        1 / (1 + {{ safe_divide('spread.repeat_gap_deviation', 'spread.mean_repeat_gap') }})
            as repeat_gap_regularity,
        days.snapshot_date
    from days
    inner join orders
        on
            days.customer_key = orders.customer_key
            and days.snapshot_date = orders.snapshot_date
    left join spread
        on
            days.customer_key = spread.customer_key
            and days.snapshot_date = spread.snapshot_date
)

select * from final
