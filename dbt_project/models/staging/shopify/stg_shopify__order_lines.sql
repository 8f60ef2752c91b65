with order_lines as (
    select * from {{ ref('base_shopify__order_lines') }}
),

fulfillments as (
    select * from {{ ref('base_shopify__fulfillments') }}
    where not is_void
),

fulfillment_lines as (
    select * from {{ ref('base_shopify__fulfillment_lines') }}
),

line_deliveries as (
    select
        fulfillment_lines.account_id,
        fulfillment_lines.line_id,
        count(*) as parcel_count,
        count(fulfillments.delivered_at) as delivered_count,
        max(fulfillments.delivered_at) as delivered_at
    from fulfillment_lines
    inner join fulfillments
        on
            fulfillment_lines.account_id = fulfillments.account_id
            and fulfillment_lines.fulfillment_id = fulfillments.fulfillment_id
    group by fulfillment_lines.account_id, fulfillment_lines.line_id
),

final as (
    select
        order_lines.account_id,
        order_lines.line_id,
        order_lines.order_id,
        order_lines.line_type,
        order_lines.product_id,
        order_lines.variant_id,
        order_lines.sku,
        order_lines.line_name,
        order_lines.quantity,
        order_lines.unit_price_amount,
        order_lines.gross_amount,
        order_lines.discount_amount,
        order_lines.tax_amount,
        order_lines.tax_rate,
        -- Shopify tells the cost of today only: it stands with the versions of the variant.
        cast(null as numeric(18, 4)) as unit_cost_amount,
        order_lines.is_deleted,
        -- The line is there when nothing of it is to be sent and its last parcel has come.
        case
            when
                order_lines.unfulfilled_quantity = 0
                and line_deliveries.delivered_count = line_deliveries.parcel_count
                then line_deliveries.delivered_at
        end as delivered_at,
        order_lines._loaded_at
    from order_lines
    left join line_deliveries
        on
            order_lines.account_id = line_deliveries.account_id
            and order_lines.line_id = line_deliveries.line_id
)

select * from final
