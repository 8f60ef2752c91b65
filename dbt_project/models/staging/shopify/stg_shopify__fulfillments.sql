with fulfillments as (
    select * from {{ ref('base_shopify__fulfillments') }}
),

final as (
    select
        account_id,
        fulfillment_id,
        order_id,
        status,
        carrier,
        -- Many carriers do not tell when they got it; then it is when the shop packed it.
        coalesce(in_transit_at, created_at) as shipped_at,
        delivered_at,
        updated_at,
        _loaded_at
    from fulfillments
)

select * from final
