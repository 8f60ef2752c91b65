{%- set steps = ['product_view', 'add_to_cart', 'checkout', 'purchase'] -%}

with units as (
    select * from {{ ref('fct_funnel_steps') }}
),

ordered as (
    {%- for order in ['open', 'strict'] %}
    select
        store_key,
        channel_key,
        device_category,
        funnel_basis,
        '{{ order }}' as funnel_order,
        funnel_date,
        started_at
        {%- for step in steps %},
        {{ order }}_{{ step }}_at as {{ step }}_at
        {%- endfor %}
    from units
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

counted as (
    select
        store_key,
        channel_key,
        device_category,
        funnel_basis,
        funnel_order,
        funnel_date,
        count(*) as visit_count
        {%- for step in steps %},
        count({{ step }}_at) as {{ step }}_count
        {%- endfor %}
        {%- for step in steps %}
        {%- set before = 'started' if loop.first else steps[loop.index0 - 1] %},
        sum(
            case
                when funnel_order = 'strict' and {{ step }}_at is not null
                    then {{ seconds_between(before ~ '_at', step ~ '_at') }}
            end
        ) as {{ step }}_seconds
        {%- endfor %}
    from ordered
    group by store_key, channel_key, device_category, funnel_basis, funnel_order, funnel_date
),

final as (
    select
        {{ surrogate_key([
            'store_key', 'channel_key', 'device_category', 'funnel_basis', 'funnel_order',
            'funnel_date',
        ]) }} as funnel_key,
        store_key,
        channel_key,
        device_category,
        funnel_basis,
        funnel_order,
        cast(visit_count as bigint) as visit_count
        {%- for step in steps %},
        cast({{ step }}_count as bigint) as {{ step }}_count
        {%- endfor %}
        {%- for step in steps %}
        {%- set before = 'visit' if loop.first else steps[loop.index0 - 1] %},
        {{ safe_divide(step ~ '_count', before ~ '_count') }} as {{ step }}_rate
        {%- endfor %},
        {{ safe_divide('purchase_count', 'visit_count') }} as conversion_rate
        {%- for step in steps %},
        cast({{ step }}_seconds as numeric(18,3)) as {{ step }}_seconds
        {%- endfor %},
        funnel_date
    from counted
)

select * from final
