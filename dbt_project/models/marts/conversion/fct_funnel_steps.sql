{#
    Which steps of the funnel were reached, in any order (open) and each after the one before
    (strict), by session and by what a visitor did in a day through one channel on one device.
#}
{% set steps = {
    'product_view': 'view_item',
    'add_to_cart': 'add_to_cart',
    'checkout': 'begin_checkout',
    'purchase': 'purchase',
} %}

with web_events as (
    select * from {{ ref('fct_web_events') }}
),

sessions as (
    select * from {{ ref('fct_sessions') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
    where session_key is not null and counts_as_purchase
),

visitor_sessions as (
    select
        session_key,
        visitor_key,
        store_key,
        channel_key,
        coalesce(device_category, 'unknown') as device_category,
        coalesce(landing_page_type, 'unknown') as landing_page_type,
        landing_page_path,
        session_date,
        started_at,
        {{ surrogate_key([
            'visitor_key', 'session_date', 'channel_key', "coalesce(device_category, 'unknown')",
        ]) }} as visitor_day_key
    from sessions
),

-- A visitor's day has begun with its first session, and landed where that did. Most have no other
-- one: their steps are the session's, and not looked for again.
numbered as (
    select
        *,
        row_number() over (
            partition by visitor_day_key order by started_at, session_key
        ) as visit_number,
        count(*) over (partition by visitor_day_key) as visit_count
    from visitor_sessions
),

repeated as (
    select
        session_key,
        visitor_day_key
    from numbered
    where visit_count > 1
),

{% set columns %}
        store_key,
        channel_key,
        device_category,
        landing_page_type,
        landing_page_path,
        session_date as funnel_date,
        started_at
{%- endset -%}
units as (
    select
        session_key as unit_key,
        session_key as steps_key,
        'session' as funnel_basis,
        {{- columns }}
    from numbered
    union all
    select
        visitor_day_key as unit_key,
        case when visit_count = 1 then session_key else visitor_day_key end as steps_key,
        'visitor' as funnel_basis,
        {{- columns }}
    from numbered
    where visit_number = 1
),

earned as (
    select
        session_key as steps_key,
        net_amount
    from orders
    union all
    select
        repeated.visitor_day_key as steps_key,
        orders.net_amount
    from orders
    inner join repeated on orders.session_key = repeated.session_key
),

revenues as (
    select
        steps_key,
        sum(net_amount) as net_amount
    from earned
    group by steps_key
),

stepped as (
    select
        session_key,
        event_name,
        occurred_at
    from web_events
    where
        session_key is not null
        and event_name in ('view_item', 'add_to_cart', 'begin_checkout', 'purchase')
        and not is_duplicate_purchase
),

unit_steps as (
    select
        session_key as steps_key,
        event_name,
        occurred_at
    from stepped
    union all
    select
        repeated.visitor_day_key as steps_key,
        stepped.event_name,
        stepped.occurred_at
    from stepped
    inner join repeated on stepped.session_key = repeated.session_key
),

-- The first time of each step; in strict order only from the strict time of the step before on.
{%- for step, event_name in steps.items() %}
    {{ step }}_times as (
        select
            unit_steps.steps_key,
            min(unit_steps.occurred_at) as open_at,
            {%- if loop.first %}
                min(unit_steps.occurred_at) as strict_at
            {%- else %}
                min(
                    case
                        when unit_steps.occurred_at >= earlier.strict_at
                            then unit_steps.occurred_at
                    end
                ) as strict_at
            {%- endif %}
        from unit_steps
        {% if not loop.first -%}
            left join {{ loop.previtem[0] }}_times as earlier
                on unit_steps.steps_key = earlier.steps_key
        {% endif -%}
        where unit_steps.event_name = '{{ event_name }}'
        group by unit_steps.steps_key
    ),
{%- endfor %}

final as (
    select
        units.unit_key,
        units.store_key,
        units.channel_key,
        units.device_category,
        units.landing_page_type,
        units.landing_page_path,
        cast(units.funnel_basis as varchar) as funnel_basis,
        cast(coalesce(revenues.net_amount, 0) as numeric(18, 4)) as net_amount,
        units.funnel_date,
        units.started_at,
        product_view_times.open_at as open_product_view_at,
        add_to_cart_times.open_at as open_add_to_cart_at,
        checkout_times.open_at as open_checkout_at,
        purchase_times.open_at as open_purchase_at,
        product_view_times.strict_at as strict_product_view_at,
        add_to_cart_times.strict_at as strict_add_to_cart_at,
        checkout_times.strict_at as strict_checkout_at,
        purchase_times.strict_at as strict_purchase_at
    from units
    left join revenues on units.steps_key = revenues.steps_key
    {%- for step in steps %}
        left join {{ step }}_times on units.steps_key = {{ step }}_times.steps_key
    {%- endfor %}
)

select * from final
