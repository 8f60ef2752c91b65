{#
    From which day (included) to which (excluded) a customer is in a state; null is for good. The
    spans of a customer and state never overlap, so that sums of them count customers.

    A purchase on day p, the next one on day n, the window X:
    - active, a purchase in (d-X, d]: from p to the sooner of n and p+X;
    - in the churn base, one in (d-2X, d-X]: the same, X later;
    - churned, in that base and none in (d-X, d]: from p+X to the sooner of n and p+2X.
#}
{{ config(materialized='table') }}

{% set active = var('active_window_days') %}
{% set churn = var('churn_window_days') %}

with customers as (
    select * from {{ ref('int_customers_acquired') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
    where counts_as_purchase and customer_key is not null and order_date is not null
),

memberships as (
    select * from {{ ref('int_loyalty_memberships_merged') }}
),

ugc_submissions as (
    select * from {{ ref('fct_ugc_submissions') }}
    where customer_key is not null
),

purchase_days as (
    select distinct
        customer_key,
        purchase_day_number,
        order_date as purchase_date
    from orders
),

followed as (
    select
        customer_key,
        purchase_day_number,
        purchase_date,
        cast({{ dbt.dateadd('day', active, 'purchase_date') }} as date) as active_until,
        cast({{ dbt.dateadd('day', churn, 'purchase_date') }} as date) as base_from,
        cast({{ dbt.dateadd('day', 2 * churn, 'purchase_date') }} as date) as base_until,
        lead(purchase_date) over (
            partition by customer_key order by purchase_date
        ) as next_date
    from purchase_days
),

shown as (
    select
        customer_key,
        min(submission_date) as first_date
    from ugc_submissions
    group by customer_key
),

spans as (
    select
        customer_key,
        'customer' as state,
        first_purchase_date as start_date,
        cast(null as date) as end_date
    from customers
    union all
    select
        customer_key,
        'repeat' as state,
        purchase_date as start_date,
        cast(null as date) as end_date
    from followed
    where purchase_day_number = 2
    union all
    select
        customer_key,
        'active' as state,
        purchase_date as start_date,
        case when next_date < active_until then next_date else active_until end as end_date
    from followed
    union all
    select
        customer_key,
        'churn_base' as state,
        base_from as start_date,
        case
            when {{ dbt.dateadd('day', churn, 'next_date') }} < base_until
                then cast({{ dbt.dateadd('day', churn, 'next_date') }} as date)
            else base_until
        end as end_date
    from followed
    union all
    select
        customer_key,
        'churned' as state,
        base_from as start_date,
        case when next_date < base_until then next_date else base_until end as end_date
    from followed
    where next_date is null or next_date > base_from
    union all
    select
        customers.customer_key,
        'enrolled' as state,
        {{ greatest(['memberships.start_date', 'customers.first_purchase_date']) }}
            as start_date,
        memberships.end_date
    from memberships
    inner join customers on memberships.customer_key = customers.customer_key
    where
        memberships.end_date is null
        or memberships.end_date > customers.first_purchase_date
    union all
    select
        customers.customer_key,
        'ugc' as state,
        {{ greatest(['shown.first_date', 'customers.first_purchase_date']) }} as start_date,
        cast(null as date) as end_date
    from shown
    inner join customers on shown.customer_key = customers.customer_key
)

select
    {{ surrogate_key(['customer_key', 'state', 'start_date']) }} as customer_state_span_key,
    customer_key,
    state,
    start_date,
    end_date
from spans
