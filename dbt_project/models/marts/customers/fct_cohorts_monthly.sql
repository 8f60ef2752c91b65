-- Order-dated: a return counts in the month of its order. A return from before a customer's first
-- purchase belongs to an order that the data do not have, and is left out.
with orders as (
    select * from {{ ref('fct_orders') }}
    where customer_key is not null
),

movements as (
    select * from {{ ref('fct_sales_movements') }}
    where customer_key is not null
),

dates as (
    select * from {{ ref('dim_dates') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

purchases as (
    select
        orders.customer_key,
        orders.store_key,
        orders.order_key,
        orders.purchase_number,
        orders.order_date
    from orders
    inner join as_of on orders.order_date <= as_of.as_of_date
    where orders.counts_as_purchase
),

members as (
    select
        customer_key,
        store_key,
        order_date as first_purchase_date,
        cast({{ dbt.date_trunc('month', 'order_date') }} as date) as cohort_month
    from purchases
    where purchase_number = 1
),

months as (
    select distinct dates.month_start_date
    from dates
    inner join as_of on dates.date_day <= as_of.as_of_date
),

sizes as (
    select
        store_key,
        cohort_month,
        count(*) as customer_count
    from members
    group by store_key, cohort_month
),

grid as (
    select
        sizes.store_key,
        sizes.cohort_month,
        sizes.customer_count,
        months.month_start_date,
        {{ month_number('months.month_start_date') }} - {{ month_number('sizes.cohort_month') }}
            as month_number
    from sizes
    inner join months on sizes.cohort_month <= months.month_start_date
),

bought as (
    select
        members.store_key,
        members.cohort_month,
        cast({{ dbt.date_trunc('month', 'purchases.order_date') }} as date) as month_start_date,
        count(distinct purchases.customer_key) as active_customer_count,
        count(*) as order_count
    from purchases
    inner join members on purchases.customer_key = members.customer_key
    group by
        members.store_key,
        members.cohort_month,
        cast({{ dbt.date_trunc('month', 'purchases.order_date') }} as date)
),

earned as (
    select
        members.store_key,
        members.cohort_month,
        cast({{ dbt.date_trunc('month', 'movements.order_date') }} as date) as month_start_date,
        sum(movements.net_amount) as net_amount
    from movements
    inner join members
        on
            movements.customer_key = members.customer_key
            and movements.order_date >= members.cohort_month
    inner join as_of on movements.movement_date <= as_of.as_of_date
    group by
        members.store_key,
        members.cohort_month,
        cast({{ dbt.date_trunc('month', 'movements.order_date') }} as date)
),

final as (
    select
        {{ surrogate_key(['grid.store_key', 'grid.cohort_month', 'grid.month_number']) }}
            as cohort_month_key,
        grid.store_key,
        cast(grid.month_number as integer) as month_number,
        cast(grid.customer_count as bigint) as customer_count,
        cast(coalesce(bought.active_customer_count, 0) as bigint) as active_customer_count,
        cast(coalesce(bought.order_count, 0) as bigint) as order_count,
        cast(coalesce(earned.net_amount, 0) as numeric(18, 4)) as net_amount,
        cast(
            sum(coalesce(earned.net_amount, 0)) over (
                partition by grid.store_key, grid.cohort_month
                order by grid.month_number
                rows between unbounded preceding and current row
            ) as numeric(18, 4)
        ) as cumulative_net_amount,
        grid.cohort_month,
        grid.month_start_date
    from grid
    left join bought
        on
            grid.store_key = bought.store_key
            and grid.cohort_month = bought.cohort_month
            and grid.month_start_date = bought.month_start_date
    left join earned
        on
            grid.store_key = earned.store_key
            and grid.cohort_month = earned.cohort_month
            and grid.month_start_date = earned.month_start_date
)

select * from final
