{#
    How much of each purchase every touch before it gets, by model. Shares are decimals of ten
    digits; the last touch takes what rounding left, so that they sum to one exactly.
#}
{{ config(materialized='table') }}

{% set models = [
    'first_touch', 'last_touch', 'last_non_direct_touch', 'linear', 'position_based', 'time_decay',
] %}
{% set lookback = var('attribution_lookback_days') %}
{% set half_life = var('attribution_half_life_days') %}

with orders as (
    select * from {{ ref('fct_orders') }}
    where counts_as_purchase
),

touches as (
    select * from {{ ref('int_touches_found') }}
),

paths as (
    select
        orders.order_key,
        touches.touch_key,
        touches.channel_key,
        touches.campaign_key,
        {{ seconds_between('touches.touched_at', 'orders.placed_at') }} as seconds_before,
        touches.channel_key = 'direct' as is_direct,
        row_number() over (
            partition by orders.order_key order by touches.touched_at asc, touches.touch_key asc
        ) as touch_number,
        count(*) over (partition by orders.order_key) as touch_count
    from orders
    inner join touches
        on
            orders.customer_key = touches.customer_key
            and orders.placed_at >= touches.touched_at
            and touches.touched_at
            > {{ dbt.dateadd('day', -lookback, 'orders.placed_at') }}
),

credited as (
    select
        paths.*,
        max(case when not paths.is_direct then paths.touch_number end)
            over (partition by paths.order_key)
            as last_non_direct_number,
        power(
            cast(0.5 as double precision),
            cast(paths.seconds_before as double precision) / (86400.0 * {{ half_life }})
        ) as recency
    from paths
),

-- What each touch has by itself, before shares are made of it.
scored as (
    {%- for model in models %}
        select
            '{{ model }}' as attribution_model,
            order_key,
            touch_key,
            channel_key,
            campaign_key,
            touch_number,
            touch_count,
            {%- if model == 'first_touch' %}
                case when touch_number = 1 then 1.0 else 0.0 end
            {%- elif model == 'last_touch' %}
                case when touch_number = touch_count then 1.0 else 0.0 end
            {%- elif model == 'last_non_direct_touch' %}
                case
                    when
                        touch_number = coalesce(last_non_direct_number, touch_count)
                        then 1.0
                    else 0.0
                end
            {%- elif model == 'linear' %}
                1.0
            {%- elif model == 'position_based' %}
                case
                    when touch_count <= 2 then 1.0
                    when touch_number in (1, touch_count) then 0.4
                    else {{ safe_divide('0.2', 'touch_count - 2') }}
                end
            {%- else %}
                recency
            {%- endif %} as score
        from credited
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

shares as (
    select
        attribution_model,
        order_key,
        touch_key,
        channel_key,
        campaign_key,
        touch_number,
        touch_count,
        cast(
            cast(score as double precision)
            / sum(cast(score as double precision)) over (
                partition by attribution_model, order_key
            ) as numeric(18, 10)
        ) as touch_share
    from scored
),

completed as (
    select
        shares.*,
        sum(shares.touch_share) over (
            partition by shares.attribution_model, shares.order_key
            order by shares.touch_number
            rows between unbounded preceding and 1 preceding
        ) as share_before
    from shares
)

select
    attribution_model,
    order_key,
    touch_key,
    channel_key,
    campaign_key,
    touch_number,
    touch_count,
    cast(
        case
            when touch_number = touch_count then 1 - coalesce(share_before, 0)
            else touch_share
        end as numeric(18, 10)
    ) as weight
from completed
where
    case
        when touch_number = touch_count then 1 - coalesce(share_before, 0)
        else touch_share
    end > 0
