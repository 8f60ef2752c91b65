-- The one place right of the seam where a person can be read: the newest value of each account,
-- for guests that of their newest order.
with customers as (
    select * from {{ ref('int_customers_unioned') }}
),

resolved as (
    select * from {{ ref('int_customers_resolved') }}
),

orders as (
    select * from {{ ref('int_orders_unioned') }}
),

identified as (
    select * from {{ ref('int_orders_identified') }}
),

checkouts as (
    select * from {{ ref('int_abandoned_checkouts_unioned') }}
),

known_checkouts as (
    select * from {{ ref('fct_abandoned_checkouts') }}
),

mentions as (
    select
        resolved.customer_key,
        customers.email,
        customers.phone,
        customers.first_name,
        customers.last_name,
        customers.city,
        customers.postal_code,
        0 as preference,
        coalesce(customers.updated_at, customers.created_at) as seen_at,
        customers.source_customer_key as tie_breaker
    from customers
    inner join resolved on customers.source_customer_key = resolved.source_customer_key
    union all
    select
        identified.customer_key,
        orders.email,
        orders.phone,
        cast(null as varchar) as first_name,
        cast(null as varchar) as last_name,
        orders.city,
        orders.postal_code,
        1 as preference,
        orders.placed_at as seen_at,
        orders.order_key as tie_breaker
    from orders
    inner join identified on orders.order_key = identified.order_key
    where identified.customer_key is not null
    union all
    select
        known_checkouts.customer_key,
        checkouts.email,
        checkouts.phone,
        cast(null as varchar) as first_name,
        cast(null as varchar) as last_name,
        cast(null as varchar) as city,
        cast(null as varchar) as postal_code,
        2 as preference,
        checkouts.created_at as seen_at,
        checkouts.checkout_key as tie_breaker
    from checkouts
    inner join known_checkouts on checkouts.checkout_key = known_checkouts.checkout_key
    where known_checkouts.customer_key is not null
),

ranked as (
    select
        customer_key,
        email,
        phone,
        first_name,
        last_name,
        city,
        postal_code,
        row_number() over (
            partition by customer_key
            order by
                preference asc,
                case when seen_at is null then 1 else 0 end asc,
                seen_at desc,
                tie_breaker asc
        ) as mention_number
    from mentions
),

final as (
    select
        customer_key,
        {{ normalised_email('email') }} as email,
        phone,
        first_name,
        last_name,
        city,
        postal_code
    from ranked
    where mention_number = 1
)

select * from final
