{#
    Every touch's share of a purchase, by model, and its money: the last touch takes what rounding
    left. A purchase that nobody saw coming is a row of its own, so that the shares stay whole.
#}
{% set attribution_models = [
    'first_touch', 'last_touch', 'last_non_direct_touch', 'linear', 'position_based', 'time_decay',
] %}

with orders as (
    select * from {{ ref('fct_orders') }}
    where counts_as_purchase
),

weighted as (
    select * from {{ ref('int_touches_weighted') }}
),

models as (
    {%- for model in attribution_models %}
        select '{{ model }}' as attribution_model
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

without_touch as (
    select
        models.attribution_model,
        orders.order_key
    from orders
    cross join models
    left join weighted on orders.order_key = weighted.order_key
    where weighted.order_key is null
),

unioned as (
    select * from weighted
    union all
    select
        attribution_model,
        order_key,
        cast(null as varchar) as touch_key,
        'unattributed' as channel_key,
        cast(null as varchar) as campaign_key,
        cast(null as bigint) as touch_number,
        0 as touch_count,
        1 as weight
    from without_touch
),

shared as (
    select
        unioned.*,
        orders.store_key,
        orders.customer_key,
        orders.order_date,
        orders.net_amount as order_net_amount,
        {{ money_multiply('orders.net_amount', 'unioned.weight') }} as net_share,
        row_number() over (
            partition by unioned.attribution_model, unioned.order_key
            order by unioned.touch_number desc
        ) as number_from_last
    from unioned
    inner join orders on unioned.order_key = orders.order_key
),

final as (
    select
        {{ surrogate_key(['attribution_model', 'order_key', 'touch_key']) }}
            as order_attribution_key,
        order_key,
        touch_key,
        store_key,
        customer_key,
        channel_key,
        campaign_key,
        attribution_model,
        cast(touch_number as bigint) as touch_number,
        cast(touch_count as bigint) as touch_count,
        cast(weight as numeric(18, 10)) as weight,
        cast(
            case
                when number_from_last > 1 then net_share
                else
                    order_net_amount + net_share
                    - sum(net_share) over (partition by attribution_model, order_key)
            end as numeric(18, 4)
        ) as net_amount,
        order_date
    from shared
)

select * from final
