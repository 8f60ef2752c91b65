-- The running sums of the last day are what counting the customers' purchases by hand gives.
{% set active = var('active_window_days') %}
{% set churn = var('churn_window_days') %}

with states as (
    select * from {{ ref('fct_customer_states_daily') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
    where counts_as_purchase and customer_key is not null
),

aged as (
    select
        customer_key,
        order_date,
        {{ days_between('order_date', as_of()) }} as age
    from orders
    where order_date <= {{ as_of() }}
),

customers as (
    select
        customer_key,
        count(distinct order_date) as day_count,
        min(age) as last_age,
        max(case when age >= {{ churn }} and age < {{ 2 * churn }} then 1 else 0 end) as is_base
    from aged
    group by customer_key
),

expected as (
    select
        count(*) as customer_count,
        sum(case when day_count > 1 then 1 else 0 end) as repeat_customer_count,
        sum(case when last_age < {{ active }} then 1 else 0 end) as active_customer_count,
        sum(is_base) as churn_base_count,
        sum(case when last_age >= {{ churn }} then is_base else 0 end) as churned_customer_count
    from customers
),

found as (
    select
        sum(customer_count) as customer_count,
        sum(repeat_customer_count) as repeat_customer_count,
        sum(active_customer_count) as active_customer_count,
        sum(churn_base_count) as churn_base_count,
        sum(churned_customer_count) as churned_customer_count
    from states
    where state_date = {{ as_of() }}
)

select
    found.customer_count,
    expected.customer_count as expected_customer_count
from found
cross join expected
where
    coalesce(found.customer_count, 0) != expected.customer_count
    or coalesce(found.repeat_customer_count, 0) != coalesce(expected.repeat_customer_count, 0)
    or coalesce(found.active_customer_count, 0) != coalesce(expected.active_customer_count, 0)
    or coalesce(found.churn_base_count, 0) != coalesce(expected.churn_base_count, 0)
    or coalesce(found.churned_customer_count, 0) != coalesce(expected.churned_customer_count, 0)
