-- An account without an address of its own takes that of its first order: both then are one person.
{{ config(materialized='table') }}

with customers as (
    select * from {{ ref('int_customers_unioned') }}
),

orders as (
    select * from {{ ref('int_orders_unioned') }}
),

refund_lines as (
    select * from {{ ref('int_refund_lines_unioned') }}
),

abandoned_checkouts as (
    select * from {{ ref('int_abandoned_checkouts_unioned') }}
),

mentions as (
    select
        source_customer_key,
        {{ normalised_email('email') }} as email,
        placed_at as seen_at,
        order_key as tie_breaker
    from orders
    union all
    select
        source_customer_key,
        {{ normalised_email('email') }} as email,
        created_at as seen_at,
        checkout_key as tie_breaker
    from abandoned_checkouts
    union all
    select
        source_customer_key,
        cast(null as varchar) as email,
        processed_at as seen_at,
        refund_line_key as tie_breaker
    from refund_lines
),

ranked as (
    select
        source_customer_key,
        email,
        seen_at,
        row_number() over (
            partition by source_customer_key
            order by case when email is null then 1 else 0 end, seen_at, tie_breaker
        ) as mention_number
    from mentions
    where source_customer_key is not null
),

mentioned as (
    select
        source_customer_key,
        max(case when mention_number = 1 then email end) as email,
        min(seen_at) as first_seen_at
    from ranked
    group by source_customer_key
),

accounts as (
    select
        coalesce(customers.source_customer_key, mentioned.source_customer_key)
            as source_customer_key,
        coalesce({{ normalised_email('customers.email') }}, mentioned.email) as email,
        customers.country_code,
        customers.region,
        customers.accepts_email_marketing,
        coalesce(customers.is_deleted, false) as is_deleted,
        coalesce(customers.created_at, mentioned.first_seen_at) as created_at,
        customers.updated_at
    from customers
    full outer join mentioned on customers.source_customer_key = mentioned.source_customer_key
),

final as (
    select
        source_customer_key,
        coalesce({{ person_key('email') }}, source_customer_key) as customer_key,
        country_code,
        region,
        accepts_email_marketing,
        is_deleted,
        created_at,
        updated_at
    from accounts
)

select * from final
