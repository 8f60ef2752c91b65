with lines as (
    select * from {{ ref('int_fulfillment_lines_unioned') }}
),

fulfillments as (
    select * from {{ ref('fct_fulfillments') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_completed') }}
),

final as (
    select
        lines.fulfillment_line_key,
        lines.fulfillment_key,
        fulfillments.order_key,
        lines.order_line_key,
        lines.store_key,
        fulfillments.customer_key,
        order_lines.product_key,
        order_lines.variant_key,
        lines.quantity,
        fulfillments.shipped_at,
        fulfillments.delivered_at
    from lines
    inner join fulfillments on lines.fulfillment_key = fulfillments.fulfillment_key
    left join order_lines on lines.order_line_key = order_lines.order_line_key
)

select * from final
