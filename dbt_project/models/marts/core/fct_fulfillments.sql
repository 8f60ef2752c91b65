with fulfillments as (
    select * from {{ ref('int_fulfillments_unioned') }}
),

orders as (
    select * from {{ ref('int_orders_identified') }}
),

stores as (
    select * from {{ ref('int_stores_completed') }}
),

final as (
    select
        fulfillments.fulfillment_key,
        orders.order_key,
        fulfillments.store_key,
        orders.customer_key,
        fulfillments.fulfillment_id,
        fulfillments.status,
        fulfillments.carrier,
        cast(
            {{ seconds_between('orders.placed_at', 'fulfillments.shipped_at') }} / 3600
            as numeric(18, 3)
        ) as hours_to_ship,
        cast(
            {{ seconds_between('fulfillments.shipped_at', 'fulfillments.delivered_at') }} / 3600
            as numeric(18, 3)
        ) as hours_in_transit,
        {{ local_date('fulfillments.shipped_at', 'stores.timezone') }} as shipped_date,
        {{ local_date('fulfillments.delivered_at', 'stores.timezone') }} as delivered_date,
        fulfillments.shipped_at,
        fulfillments.delivered_at
    from fulfillments
    inner join stores on fulfillments.store_key = stores.store_key
    left join orders on fulfillments.order_key = orders.order_key
)

select * from final
