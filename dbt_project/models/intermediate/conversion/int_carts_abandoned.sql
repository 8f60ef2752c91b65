-- Sessions that put something into the cart and neither began a checkout nor bought, and the first
-- purchase of their person after it, in the same store and within recovery_days, unless a later
-- cart of theirs is nearer to it.
with sessions as (
    select * from {{ ref('fct_sessions') }}
    where has_add_to_cart and not has_checkout and not has_purchase
),

items as (
    select * from {{ ref('fct_web_event_items') }}
    where session_key is not null and event_name in ('add_to_cart', 'remove_from_cart')
),

orders as (
    select * from {{ ref('fct_orders') }}
    where counts_as_purchase and customer_key is not null
),

fx_rates as (
    select * from {{ ref('int_fx_rates_filled') }}
),

priced as (
    select
        items.session_key,
        case when items.event_name = 'add_to_cart' then 1 else -1 end
        * {{ money_multiply(
            money_multiply('items.price_store_amount', 'coalesce(items.quantity, 1)'),
            'fx_rates.rate'
        ) }} as amount
    from items
    left join fx_rates
        on
            items.currency_code = fx_rates.currency_code
            and items.event_date = fx_rates.rate_date
),

-- A cart of which a price is not told has no value.
valued as (
    select
        session_key,
        case when count(*) = count(amount) then sum(amount) end as cart_amount
    from priced
    group by session_key
),

followed as (
    select
        sessions.session_key,
        orders.order_key,
        orders.placed_at,
        row_number() over (
            partition by sessions.session_key order by orders.placed_at, orders.order_key
        ) as order_number
    from sessions
    inner join orders
        on
            sessions.customer_key = orders.customer_key
            and sessions.store_key = orders.store_key
            and sessions.ended_at < orders.placed_at
    where orders.placed_at <= {{ dbt.dateadd('day', var('recovery_days'), 'sessions.ended_at') }}
),

matched as (
    select
        followed.session_key,
        followed.order_key,
        followed.placed_at,
        row_number() over (
            partition by followed.order_key
            order by sessions.ended_at desc, sessions.session_key asc
        ) as cart_number
    from followed
    inner join sessions on followed.session_key = sessions.session_key
    where followed.order_number = 1
),

final as (
    select
        sessions.session_key,
        sessions.store_key,
        sessions.customer_key,
        matched.order_key,
        cast(valued.cart_amount as numeric(18, 4)) as cart_amount,
        sessions.session_date as abandonment_date,
        sessions.ended_at as abandoned_at,
        matched.placed_at as recovered_at
    from sessions
    left join valued on sessions.session_key = valued.session_key
    left join matched
        on sessions.session_key = matched.session_key and matched.cart_number = 1
)

select * from final
