with orders as (
    select * from {{ ref('int_orders_identified') }}
),

lines as (
    select * from {{ ref('int_order_lines_unioned') }}
    where not coalesce(is_deleted, false)
),

line_types as (
    select
        order_key,
        max(case when line_type = 'shipping' then 1 else 0 end) as has_shipping
    from lines
    group by order_key
),

missing as (
    select
        {{ surrogate_key(['orders.order_key', "'shipping'"]) }} as order_line_key,
        orders.order_key,
        'shipping' as line_type,
        orders.shipping_amount as gross_amount,
        cast(0 as numeric(18, 4)) as discount_amount
    from orders
    left join line_types on orders.order_key = line_types.order_key
    where orders.shipping_amount != 0 and coalesce(line_types.has_shipping, 0) = 0
    union all
    select
        {{ surrogate_key(['orders.order_key', "'goods'"]) }} as order_line_key,
        orders.order_key,
        'goods' as line_type,
        orders.total_amount
        + coalesce(orders.discount_amount, 0)
        - coalesce(orders.shipping_amount, 0)
        - case when orders.is_tax_inclusive then 0 else coalesce(orders.tax_amount, 0) end
            as gross_amount,
        orders.discount_amount
    from orders
    left join line_types on orders.order_key = line_types.order_key
    where orders.total_amount is not null and line_types.order_key is null
),

written as (
    select
        order_line_key,
        order_key,
        product_key,
        variant_key,
        line_id,
        case line_type when 'adjustment' then 'manual' else coalesce(line_type, 'goods') end
            as line_type,
        sku,
        line_name,
        quantity,
        unit_price_amount,
        coalesce(gross_amount, {{ money_multiply('unit_price_amount', 'quantity') }}, 0)
            as gross_amount,
        discount_amount,
        tax_amount,
        tax_rate,
        unit_cost_amount,
        false as is_generated,
        delivered_at
    from lines
    union all
    select
        order_line_key,
        order_key,
        cast(null as varchar) as product_key,
        cast(null as varchar) as variant_key,
        cast(null as varchar) as line_id,
        line_type,
        cast(null as varchar) as sku,
        cast(null as varchar) as line_name,
        cast(1 as numeric(18, 3)) as quantity,
        gross_amount as unit_price_amount,
        gross_amount,
        discount_amount,
        cast(null as numeric(18, 4)) as tax_amount,
        cast(null as numeric(18, 8)) as tax_rate,
        cast(null as numeric(18, 4)) as unit_cost_amount,
        true as is_generated,
        cast(null as timestamp) as delivered_at
    from missing
),

final as (
    select
        written.order_line_key,
        written.order_key,
        orders.store_key,
        written.product_key,
        written.variant_key,
        written.line_id,
        cast(written.line_type as varchar) as line_type,
        written.sku,
        written.line_name,
        orders.currency_code,
        cast(written.quantity as numeric(18, 3)) as quantity,
        cast(written.unit_price_amount as numeric(18, 4)) as unit_price_amount,
        cast(written.gross_amount as numeric(18, 4)) as gross_amount,
        cast(written.discount_amount as numeric(18, 4)) as discount_amount,
        cast(written.tax_amount as numeric(18, 4)) as tax_amount,
        cast(written.tax_rate as numeric(18, 8)) as tax_rate,
        cast(written.unit_cost_amount as numeric(18, 4)) as unit_cost_amount,
        cast(orders.discount_amount as numeric(18, 4)) as order_discount_amount,
        cast(orders.tax_amount as numeric(18, 4)) as order_tax_amount,
        orders.is_tax_inclusive,
        written.is_generated,
        written.delivered_at
    from written
    inner join orders on written.order_key = orders.order_key
)

select * from final
