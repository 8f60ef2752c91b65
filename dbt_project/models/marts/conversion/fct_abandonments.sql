{#
    What was left behind: carts of sessions that began no checkout, and checkouts that stayed open.
    An order brings back the newest of its person's abandonments before it, of carts and of
    checkouts each, so that its money counts once; a checkout's platform tells its own order.
#}
with carts as (
    select * from {{ ref('int_carts_abandoned') }}
),

checkouts as (
    select * from {{ ref('fct_abandoned_checkouts') }}
    where is_abandoned
),

orders as (
    select * from {{ ref('fct_orders') }}
),

email_touches as (
    select * from {{ ref('fct_touchpoints') }}
    where channel_key = 'email'
),

abandoned as (
    select
        session_key as abandonment_key,
        session_key,
        cast(null as varchar) as checkout_key,
        store_key,
        customer_key,
        order_key,
        'cart' as abandonment_type,
        cart_amount as amount,
        abandonment_date,
        abandoned_at,
        recovered_at
    from carts
    union all
    select
        checkout_key as abandonment_key,
        cast(null as varchar) as session_key,
        checkout_key,
        store_key,
        customer_key,
        case when is_recovered then order_key end as order_key,
        'checkout' as abandonment_type,
        total_amount as amount,
        checkout_date as abandonment_date,
        abandoned_at,
        case when is_recovered then recovered_at end as recovered_at
    from checkouts
),

-- An e-mail that led back: a click, or a visit that came from one, in between.
mailed as (
    select distinct abandoned.abandonment_key
    from abandoned
    inner join email_touches
        on
            abandoned.customer_key = email_touches.customer_key
            and abandoned.abandoned_at <= email_touches.touched_at
            and abandoned.recovered_at >= email_touches.touched_at
),

final as (
    select
        abandoned.abandonment_key,
        abandoned.session_key,
        abandoned.checkout_key,
        abandoned.store_key,
        abandoned.customer_key,
        abandoned.order_key,
        cast(abandoned.abandonment_type as varchar) as abandonment_type,
        cast(abandoned.amount as numeric(18, 4)) as amount,
        cast(
            case
                when abandoned.recovered_at is not null then coalesce(orders.net_amount, 0)
                else 0
            end as numeric(18, 4)
        ) as recovered_net_amount,
        cast(
            {{ seconds_between('abandoned.abandoned_at', 'abandoned.recovered_at') }}
            as numeric(18, 3)
        ) as recovery_seconds,
        abandoned.recovered_at is not null as is_recovered,
        mailed.abandonment_key is not null as is_email_recovered,
        abandoned.abandonment_date,
        abandoned.abandoned_at,
        abandoned.recovered_at
    from abandoned
    left join orders on abandoned.order_key = orders.order_key
    left join mailed on abandoned.abandonment_key = mailed.abandonment_key
)

select * from final
