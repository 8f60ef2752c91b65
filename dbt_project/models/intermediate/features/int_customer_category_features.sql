-- In which categories a customer had bought by each snapshot's day: lines of goods as placed, of
-- products whose category is known.
{{ config(materialized='table') }}

with purchases as (
    select * from {{ ref('int_purchases_dated') }}
),

movements as (
    select * from {{ ref('fct_sales_movements') }}
    where movement_type = 'order' and line_type = 'goods' and quantity > 0
),

products as (
    select * from {{ ref('dim_products') }}
    where category is not null
),

snapshots as (
    select * from {{ ref('int_snapshot_dates') }}
),

daily as (
    select
        purchases.customer_key,
        products.category,
        purchases.order_date,
        purchases.cancelled_date,
        count(*) as line_count
    from movements
    inner join purchases on movements.order_key = purchases.order_key
    inner join products on movements.product_key = products.product_key
    group by
        purchases.customer_key,
        products.category,
        purchases.order_date,
        purchases.cancelled_date
),

known as (
    select
        daily.customer_key,
        snapshots.snapshot_date,
        daily.category,
        cast(sum(daily.line_count) as double precision) as line_count
    from daily
    inner join snapshots
        on
            daily.order_date <= snapshots.snapshot_date
            and (
                daily.cancelled_date is null
                or daily.cancelled_date > snapshots.snapshot_date
            )
    group by daily.customer_key, snapshots.snapshot_date, daily.category
),

final as (
    select
        customer_key,
        count(*) as category_count,
        -- Rounded: what an engine's logarithm leaves of nothing is nothing.
        cast(
            cast(
                ln(sum(line_count))
                - {{ safe_divide('sum(line_count * ln(line_count))', 'sum(line_count)') }}
                as numeric(18, 10)
            ) as double precision
        ) as category_entropy,
        {{ safe_divide('max(line_count)', 'sum(line_count)') }} as top_category_share,
        snapshot_date
    from known
    group by customer_key, snapshot_date
)

select * from final
