-- Computed anew from what had been booked by each month's end, and not observed: the first build
-- knows the past, and a build of the whole tells what daily builds told.
with orders as (
    select * from {{ ref('fct_orders') }}
    where counts_as_purchase and customer_key is not null and order_date <= {{ as_of() }}
),

movements as (
    select * from {{ ref('fct_sales_movements') }}
    where customer_key is not null and movement_date <= {{ as_of() }}
),

rules as (
    select * from {{ ref('rfm_segment_rules') }}
),

snapshots as (
    select * from {{ ref('int_snapshot_dates') }}
    where is_month_end
),

changes as (
    select
        customer_key,
        cast({{ dbt.date_trunc('month', 'order_date') }} as date) as month_start_date,
        count(distinct order_date) as purchase_day_count,
        max(order_date) as last_purchase_date,
        0 as net_amount
    from orders
    group by customer_key, cast({{ dbt.date_trunc('month', 'order_date') }} as date)
    union all
    select
        customer_key,
        cast({{ dbt.date_trunc('month', 'movement_date') }} as date) as month_start_date,
        0 as purchase_day_count,
        cast(null as date) as last_purchase_date,
        sum(net_amount) as net_amount
    from movements
    group by customer_key, cast({{ dbt.date_trunc('month', 'movement_date') }} as date)
),

known as (
    select
        changes.customer_key,
        snapshots.snapshot_date,
        sum(changes.purchase_day_count) as purchase_day_count,
        max(changes.last_purchase_date) as last_purchase_date,
        sum(changes.net_amount) as net_amount
    from changes
    inner join snapshots on changes.month_start_date <= snapshots.snapshot_date
    group by changes.customer_key, snapshots.snapshot_date
    having sum(changes.purchase_day_count) > 0
),

{{ rfm_scored('known', 'snapshot_date') }},

final as (
    select
        customer_key,
        segment_name,
        recency_score,
        frequency_score,
        monetary_score,
        days_since_last_purchase,
        cast(purchase_day_count as bigint) as purchase_day_count,
        cast(net_amount as numeric(18, 4)) as net_amount,
        last_purchase_date,
        snapshot_date
    from matched
    where match_number = 1
)

select * from final
