{#
    Sessions of the last days in strict order. What is lost at a step is worth what a session that
    reaches it brings, over the whole shop: so steps and cells can be compared, and one that sells
    nothing at all is not worth nothing.
#}
{% set dimensions = {
    'all': "'all'",
    'store': 'store_key',
    'channel': 'channel_key',
    'device': 'device_category',
    'landing_page': "coalesce(landing_page_path, 'unknown')",
} %}
{% set steps = ['product_view', 'add_to_cart', 'checkout', 'purchase'] %}

with sessions as (
    select * from {{ ref('fct_funnel_steps') }}
    where
        funnel_basis = 'session'
        and funnel_date <= {{ as_of() }}
        and {{ dbt.dateadd('day', var('funnel_window_days'), 'funnel_date') }} > {{ as_of() }}
),

cells as (
    {%- for dimension, value in dimensions.items() %}
        select
            '{{ dimension }}' as dimension,
            {{ value }} as dimension_value,
            count(*) as visit_count,
            {%- for step in steps %}
                count(strict_{{ step }}_at) as {{ step }}_count,
            {%- endfor %}
            sum(case when strict_purchase_at is not null then net_amount else 0 end) as net_amount
        from sessions
        {%- if dimension != 'all' %}
            group by {{ value }}
        {%- endif %}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

entered as (
    {%- for step in steps %}
        select
            dimension,
            dimension_value,
            '{{ step }}' as funnel_step,
            {{ loop.index }} as step_number,
            {{ 'visit' if loop.first else loop.previtem }}_count as entered_count,
            {{ step }}_count as reached_count,
            net_amount
        from cells
        where visit_count > 0
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

usual as (
    select
        step_number,
        {{ safe_divide('reached_count', 'entered_count') }} as step_rate,
        {{ money_share('net_amount', 1, 'reached_count') }} as step_value_amount
    from entered
    where dimension = 'all'
),

valued as (
    select
        entered.*,
        usual.step_value_amount,
        entered.entered_count - entered.reached_count as lost_count,
        {{ greatest([
            '0', 'usual.step_rate * entered.entered_count - entered.reached_count'
        ]) }} as lost_below_usual_count
    from entered
    inner join usual on entered.step_number = usual.step_number
),

final as (
    select
        {{ surrogate_key(['dimension', 'dimension_value', 'step_number']) }} as funnel_dropoff_key,
        cast(dimension as varchar) as dimension,
        cast(dimension_value as varchar) as dimension_value,
        cast(funnel_step as varchar) as funnel_step,
        cast(step_number as integer) as step_number,
        cast(entered_count as bigint) as entered_count,
        cast(reached_count as bigint) as reached_count,
        cast(lost_count as bigint) as lost_count,
        {{ safe_divide('lost_count', 'entered_count') }} as drop_off_rate,
        step_value_amount,
        {{ money_multiply('step_value_amount', 'lost_count') }} as lost_net_amount,
        {{ money_multiply('step_value_amount', 'lost_below_usual_count') }}
            as lost_below_usual_net_amount,
        cast(
            row_number() over (
                partition by dimension
                order by
                    coalesce(step_value_amount * lost_count, 0) desc,
                    step_number asc,
                    dimension_value asc
            ) as bigint
        ) as loss_rank
    from valued
)

select * from final
