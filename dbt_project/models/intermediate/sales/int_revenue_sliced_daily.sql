{#
    Sales of each day by each way to look at them. A movement goes where its order does; one without
    an order has no channel, country or source. Orders count on their day.
#}
{% set dimensions = [
    'all', 'store', 'channel', 'country', 'shop_system', 'traffic_source', 'customer_type',
] %}

with movements as (
    select * from {{ ref('fct_sales_movements') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
    where counts_in_sales and order_date is not null
),

attribution as (
    select * from {{ ref('fct_order_attribution') }}
    where attribution_model = 'last_non_direct_touch'
),

sessions as (
    select * from {{ ref('fct_sessions') }}
),

sliced_orders as (
    select
        orders.order_key,
        orders.store_key as store,
        coalesce(attribution.channel_key, 'unattributed') as channel,
        coalesce(orders.country_code, 'unknown') as country,
        orders.source_name as shop_system,
        coalesce(sessions.traffic_source, 'unknown') as traffic_source,
        orders.customer_type,
        orders.order_date
    from orders
    left join attribution on orders.order_key = attribution.order_key
    left join sessions on orders.session_key = sessions.session_key
),

entries as (
    select
        movements.store_key as store,
        coalesce(sliced_orders.channel, 'unattributed') as channel,
        coalesce(sliced_orders.country, 'unknown') as country,
        coalesce(sliced_orders.shop_system, 'unknown') as shop_system,
        coalesce(sliced_orders.traffic_source, 'unknown') as traffic_source,
        coalesce(sliced_orders.customer_type, 'unknown') as customer_type,
        0 as order_count,
        movements.gross_amount,
        movements.discount_amount,
        movements.return_amount,
        movements.net_amount,
        movements.movement_date as revenue_date
    from movements
    left join sliced_orders on movements.order_key = sliced_orders.order_key
    union all
    select
        store,
        channel,
        country,
        shop_system,
        traffic_source,
        customer_type,
        1 as order_count,
        0 as gross_amount,
        0 as discount_amount,
        0 as return_amount,
        0 as net_amount,
        order_date as revenue_date
    from sliced_orders
),

sliced as (
    {%- for dimension in dimensions %}
        select
            '{{ dimension }}' as dimension,
            {{ "'all'" if dimension == 'all' else dimension }} as dimension_value,
            revenue_date,
            cast(sum(order_count) as bigint) as order_count,
            cast(sum(case when customer_type = 'new' then order_count else 0 end) as bigint)
                as new_customer_order_count,
            cast(sum(gross_amount) as numeric(18, 4)) as gross_amount,
            cast(sum(discount_amount) as numeric(18, 4)) as discount_amount,
            cast(sum(return_amount) as numeric(18, 4)) as return_amount,
            cast(sum(net_amount) as numeric(18, 4)) as net_amount,
            cast(sum(case when customer_type = 'new' then net_amount else 0 end) as numeric(18, 4))
                as new_customer_net_amount,
            cast(
                sum(case when customer_type = 'returning' then net_amount else 0 end)
                as numeric(18, 4)
            ) as returning_customer_net_amount
        from entries
        group by revenue_date{{ ', ' ~ dimension if dimension != 'all' }}
        {% if not loop.last -%}
            union all
        {%- endif %}
    {%- endfor %}
)

select * from sliced
