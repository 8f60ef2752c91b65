with orders as (
    select * from {{ ref('fct_orders') }}
    where customer_key is not null and counts_in_sales and order_date <= {{ as_of() }}
),

lines as (
    select * from {{ ref('fct_sales_order_lines') }}
    where customer_key is not null and order_date <= {{ as_of() }}
),

checkouts as (
    select * from {{ ref('fct_abandoned_checkouts') }}
    where customer_key is not null and is_abandoned and checkout_date <= {{ as_of() }}
),

ordered as (
    select
        customer_key,
        count(*) as order_count,
        count(case when return_amount > 0 then 1 end) as returned_order_count,
        count(case when contribution_margin_amount is null then 1 end)
            as unknown_margin_order_count,
        sum(unit_count) as unit_count,
        sum(gross_amount) as gross_amount,
        sum(discount_amount) as discount_amount,
        sum(return_amount) as return_amount,
        sum(net_amount) as net_amount,
        sum(contribution_margin_amount) as contribution_margin_amount
    from orders
    group by customer_key
),

by_category as (
    select
        customer_key,
        category,
        row_number() over (
            partition by customer_key order by sum(net_amount) desc, category asc
        ) as category_number
    from lines
    where category not in ('none', 'unknown')
    group by customer_key, category
),

left_behind as (
    select
        customer_key,
        count(*) as abandoned_checkout_count,
        count(case when is_recovered then 1 end) as recovered_checkout_count
    from checkouts
    group by customer_key
),

customers as (
    select customer_key from ordered
    union
    select customer_key from left_behind
),

final as (
    select
        customers.customer_key,
        by_category.category as favourite_category,
        coalesce(ordered.order_count, 0) as order_count,
        coalesce(ordered.returned_order_count, 0) as returned_order_count,
        coalesce(left_behind.abandoned_checkout_count, 0) as abandoned_checkout_count,
        coalesce(left_behind.recovered_checkout_count, 0) as recovered_checkout_count,
        cast(coalesce(ordered.unit_count, 0) as numeric(18, 3)) as unit_count,
        {%- for part in ['gross', 'discount', 'return', 'net'] %}
            cast(coalesce(ordered.{{ part }}_amount, 0) as numeric(18, 4)) as {{ part }}_amount,
        {%- endfor %}
        cast(
            case
                when ordered.unknown_margin_order_count = 0
                    then ordered.contribution_margin_amount
            end as numeric(18, 4)
        ) as contribution_margin_amount
    from customers
    left join ordered on customers.customer_key = ordered.customer_key
    left join left_behind on customers.customer_key = left_behind.customer_key
    left join by_category
        on customers.customer_key = by_category.customer_key and by_category.category_number = 1
)

select * from final
