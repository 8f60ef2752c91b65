{% set parts = [
    'gross', 'discount', 'return', 'net', 'shipping', 'fee', 'tax'
] %}

with movements as (
    select * from {{ ref('fct_sales_movements') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
    where counts_in_sales
),

dates as (
    select * from {{ ref('dim_dates') }}
),

booked as (
    select
        store_key,
        movement_date as revenue_date,
        {%- for part in parts %}
            sum({{ part }}_amount) as {{ part }}_amount,
        {%- endfor %}
        sum(case when line_type = 'goods' then quantity else 0 end) as unit_count
    from movements
    group by store_key, movement_date
),

placed as (
    select
        store_key,
        order_date as revenue_date,
        count(*) as order_count,
        count(case when customer_type = 'new' then order_key end) as new_customer_order_count,
        count(case when customer_type = 'returning' then order_key end)
            as returning_customer_order_count,
        count(case when purchase_number = 1 then order_key end) as new_customer_count,
        sum(gross_amount - discount_amount) as placed_amount
    from orders
    group by store_key, order_date
),

bounds as (
    select
        store_key,
        min(revenue_date) as first_date
    from booked
    group by store_key
),

-- Every day, so that one without an order is a row of zeros and one with only a return is there.
days as (
    select
        bounds.store_key,
        dates.date_day as revenue_date,
        dates.is_complete
    from bounds
    inner join dates on bounds.first_date <= dates.date_day
),

final as (
    select
        {{ surrogate_key(['days.store_key', 'days.revenue_date']) }} as revenue_daily_key,
        days.store_key,
        cast(coalesce(placed.order_count, 0) as bigint) as order_count,
        cast(coalesce(placed.new_customer_order_count, 0) as bigint) as new_customer_order_count,
        cast(coalesce(placed.returning_customer_order_count, 0) as bigint)
            as returning_customer_order_count,
        cast(coalesce(placed.new_customer_count, 0) as bigint) as new_customer_count,
        cast(coalesce(booked.unit_count, 0) as numeric(18, 3)) as unit_count,
        cast(coalesce(placed.placed_amount, 0) as numeric(18, 4)) as placed_amount,
        {%- for part in parts %}
            cast(coalesce(booked.{{ part }}_amount, 0) as numeric(18, 4)) as {{ part }}_amount,
        {%- endfor %}
        cast(
            coalesce(
                booked.net_amount + booked.shipping_amount + booked.fee_amount
                + booked.tax_amount,
                0
            ) as numeric(18, 4)
        ) as total_sales_amount,
        days.is_complete,
        days.revenue_date
    from days
    left join booked
        on days.store_key = booked.store_key and days.revenue_date = booked.revenue_date
    left join placed
        on days.store_key = placed.store_key and days.revenue_date = placed.revenue_date
)

select * from final
