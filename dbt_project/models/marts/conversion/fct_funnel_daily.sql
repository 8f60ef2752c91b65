with units as (
    select * from {{ ref('fct_funnel_steps') }}
),

ordered as (
    select
        store_key,
        channel_key,
        device_category,
        landing_page_type,
        funnel_basis,
        net_amount,
        'open' as funnel_order,
        open_product_view_at as product_view_at,
        open_add_to_cart_at as add_to_cart_at,
        open_checkout_at as checkout_at,
        open_purchase_at as purchase_at,
        -- Steps in any order have no time from one to the next.
        cast(null as double precision) as product_view_seconds,
        cast(null as double precision) as add_to_cart_seconds,
        cast(null as double precision) as checkout_seconds,
        cast(null as double precision) as purchase_seconds,
        funnel_date
    from units
    union all
    select
        store_key,
        channel_key,
        device_category,
        landing_page_type,
        funnel_basis,
        net_amount,
        'strict' as funnel_order,
        strict_product_view_at as product_view_at,
        strict_add_to_cart_at as add_to_cart_at,
        strict_checkout_at as checkout_at,
        strict_purchase_at as purchase_at,
        {{ seconds_between('started_at', 'strict_product_view_at') }} as product_view_seconds,
        {{ seconds_between('strict_product_view_at', 'strict_add_to_cart_at') }}
            as add_to_cart_seconds,
        {{ seconds_between('strict_add_to_cart_at', 'strict_checkout_at') }} as checkout_seconds,
        {{ seconds_between('strict_checkout_at', 'strict_purchase_at') }} as purchase_seconds,
        funnel_date
    from units
),

counted as (
    select
        store_key,
        channel_key,
        device_category,
        landing_page_type,
        funnel_basis,
        funnel_order,
        funnel_date,
        count(*) as visit_count,
        count(product_view_at) as product_view_count,
        count(add_to_cart_at) as add_to_cart_count,
        count(checkout_at) as checkout_count,
        count(purchase_at) as purchase_count,
        sum(product_view_seconds) as product_view_seconds,
        sum(add_to_cart_seconds) as add_to_cart_seconds,
        sum(checkout_seconds) as checkout_seconds,
        sum(purchase_seconds) as purchase_seconds,
        sum(case when purchase_at is not null then net_amount else 0 end) as net_amount
    from ordered
    group by
        store_key,
        channel_key,
        device_category,
        landing_page_type,
        funnel_basis,
        funnel_order,
        funnel_date
),

final as (
    select
        {{ surrogate_key([
            'store_key', 'channel_key', 'device_category', 'landing_page_type', 'funnel_basis',
            'funnel_order', 'funnel_date',
        ]) }} as funnel_key,
        store_key,
        channel_key,
        device_category,
        landing_page_type,
        funnel_basis,
        cast(funnel_order as varchar) as funnel_order,
        cast(visit_count as bigint) as visit_count,
        cast(product_view_count as bigint) as product_view_count,
        cast(add_to_cart_count as bigint) as add_to_cart_count,
        cast(checkout_count as bigint) as checkout_count,
        cast(purchase_count as bigint) as purchase_count,
        cast(net_amount as numeric(18, 4)) as net_amount,
        {{ safe_divide('product_view_count', 'visit_count') }} as product_view_rate,
        {{ safe_divide('add_to_cart_count', 'product_view_count') }} as add_to_cart_rate,
        {{ safe_divide('checkout_count', 'add_to_cart_count') }} as checkout_rate,
        {{ safe_divide('purchase_count', 'checkout_count') }} as purchase_rate,
        {{ safe_divide('purchase_count', 'visit_count') }} as conversion_rate,
        cast(product_view_seconds as numeric(18, 3)) as product_view_seconds,
        cast(add_to_cart_seconds as numeric(18, 3)) as add_to_cart_seconds,
        cast(checkout_seconds as numeric(18, 3)) as checkout_seconds,
        cast(purchase_seconds as numeric(18, 3)) as purchase_seconds,
        funnel_date
    from counted
)

select * from final
