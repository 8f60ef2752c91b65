{#
    Which steps of the funnel were reached, in any order (open) and each after the one before
    (strict), by session and by what a visitor did in a day through one channel on one device.
#}
with web_events as (
    select * from {{ ref('fct_web_events') }}
),

sessions as (
    select * from {{ ref('fct_sessions') }}
),

visitor_sessions as (
    select
        session_key,
        visitor_key,
        store_key,
        channel_key,
        coalesce(device_category, 'unknown') as device_category,
        session_date,
        started_at,
        {{ surrogate_key([
            'visitor_key', 'session_date', 'channel_key', "coalesce(device_category, 'unknown')",
        ]) }} as visitor_day_key
    from sessions
),

units as (
    select
        session_key as unit_key,
        'session' as funnel_basis,
        store_key,
        channel_key,
        device_category,
        session_date as funnel_date,
        started_at
    from visitor_sessions
    union all
    select
        visitor_day_key as unit_key,
        'visitor' as funnel_basis,
        store_key,
        channel_key,
        device_category,
        session_date as funnel_date,
        min(started_at) as started_at
    from visitor_sessions
    group by visitor_day_key, store_key, channel_key, device_category, session_date
),

stepped as (
    select
        session_key,
        case event_name
            when 'view_item' then 'product_view'
            when 'add_to_cart' then 'add_to_cart'
            when 'begin_checkout' then 'checkout'
            when 'purchase' then 'purchase'
        end as funnel_step,
        occurred_at
    from web_events
    where
        session_key is not null
        and event_name in ('view_item', 'add_to_cart', 'begin_checkout', 'purchase')
        and not is_duplicate_purchase
),

unit_steps as (
    select
        session_key as unit_key,
        funnel_step,
        occurred_at
    from stepped
    union all
    select
        visitor_sessions.visitor_day_key as unit_key,
        stepped.funnel_step,
        stepped.occurred_at
    from stepped
    inner join visitor_sessions
        on stepped.session_key = visitor_sessions.session_key
),

-- The first time of each step; in strict order only from the strict time of the step before on.
product_views as (
    select
        unit_key,
        min(occurred_at) as open_at,
        min(occurred_at) as strict_at
    from unit_steps
    where funnel_step = 'product_view'
    group by unit_key
),

adds_to_cart as (
    select
        unit_steps.unit_key,
        min(unit_steps.occurred_at) as open_at,
        min(
            case
                when unit_steps.occurred_at >= product_views.strict_at then unit_steps.occurred_at
            end
        ) as strict_at
    from unit_steps
    left join product_views
        on unit_steps.unit_key = product_views.unit_key
    where unit_steps.funnel_step = 'add_to_cart'
    group by unit_steps.unit_key
),

checkouts as (
    select
        unit_steps.unit_key,
        min(unit_steps.occurred_at) as open_at,
        min(
            case
                when unit_steps.occurred_at >= adds_to_cart.strict_at then unit_steps.occurred_at
            end
        ) as strict_at
    from unit_steps
    left join adds_to_cart
        on unit_steps.unit_key = adds_to_cart.unit_key
    where unit_steps.funnel_step = 'checkout'
    group by unit_steps.unit_key
),

purchases as (
    select
        unit_steps.unit_key,
        min(unit_steps.occurred_at) as open_at,
        min(
            case
                when unit_steps.occurred_at >= checkouts.strict_at then unit_steps.occurred_at
            end
        ) as strict_at
    from unit_steps
    left join checkouts
        on unit_steps.unit_key = checkouts.unit_key
    where unit_steps.funnel_step = 'purchase'
    group by unit_steps.unit_key
),

final as (
    select
        units.unit_key,
        units.store_key,
        units.channel_key,
        units.device_category,
        units.funnel_basis,
        units.funnel_date,
        units.started_at,
        product_views.open_at as open_product_view_at,
        adds_to_cart.open_at as open_add_to_cart_at,
        checkouts.open_at as open_checkout_at,
        purchases.open_at as open_purchase_at,
        product_views.strict_at as strict_product_view_at,
        adds_to_cart.strict_at as strict_add_to_cart_at,
        checkouts.strict_at as strict_checkout_at,
        purchases.strict_at as strict_purchase_at
    from units
    left join product_views
        on units.unit_key = product_views.unit_key
    left join adds_to_cart
        on units.unit_key = adds_to_cart.unit_key
    left join checkouts
        on units.unit_key = checkouts.unit_key
    left join purchases
        on units.unit_key = purchases.unit_key
)

select * from final
