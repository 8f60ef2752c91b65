{#
    Which steps of the funnel were reached, in any order (open) and each after the one before
    (strict), by session and by what a visitor did in a day through one channel on one device.
#}
{%- set steps = ['product_view', 'add_to_cart', 'checkout', 'purchase'] -%}

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
        end as step,
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
        step,
        occurred_at
    from stepped
    union all
    select
        visitor_sessions.visitor_day_key as unit_key,
        stepped.step,
        stepped.occurred_at
    from stepped
    inner join visitor_sessions
        on stepped.session_key = visitor_sessions.session_key
),

-- The first time of each step; in strict order only from the strict time of the step before on.
{%- for step in steps %}
reached_{{ step }} as (
    select
        unit_steps.unit_key,
        min(unit_steps.occurred_at) as open_at,
        {%- if loop.first %}
        min(unit_steps.occurred_at) as strict_at
        {%- else %}
        min(
            case
                when unit_steps.occurred_at >= before.strict_at then unit_steps.occurred_at
            end
        ) as strict_at
        {%- endif %}
    from unit_steps
    {%- if not loop.first %}
    left join reached_{{ steps[loop.index0 - 1] }} as before
        on unit_steps.unit_key = before.unit_key
    {%- endif %}
    where unit_steps.step = '{{ step }}'
    group by unit_steps.unit_key
),
{% endfor %}
final as (
    select
        units.unit_key,
        units.store_key,
        units.channel_key,
        units.device_category,
        units.funnel_basis,
        units.funnel_date,
        units.started_at
        {%- for step in steps %},
        reached_{{ step }}.open_at as open_{{ step }}_at
        {%- endfor %}
        {%- for step in steps %},
        reached_{{ step }}.strict_at as strict_{{ step }}_at
        {%- endfor %}
    from units
    {%- for step in steps %}
    left join reached_{{ step }}
        on units.unit_key = reached_{{ step }}.unit_key
    {%- endfor %}
)

select * from final
