with agreed as (
    select * from {{ ref('int_sales_movements_agreed') }}
),

placements as (
    select * from {{ ref('int_sales_placements_derived') }}
),

returns as (
    select * from {{ ref('int_sales_returns_derived') }}
),

cancellations as (
    select * from {{ ref('int_sales_cancellations_derived') }}
),

final as (
    select
        sales_movement_key,
        order_key,
        order_line_key,
        store_key,
        cast(null as varchar) as source_customer_key,
        cast(null as varchar) as product_key,
        cast(null as varchar) as currency_code,
        movement_type,
        line_type,
        quantity,
        gross_amount,
        discount_amount,
        net_amount,
        tax_amount,
        happened_at
    from agreed
    union all
    select
        sales_movement_key,
        order_key,
        order_line_key,
        store_key,
        cast(null as varchar) as source_customer_key,
        cast(null as varchar) as product_key,
        cast(null as varchar) as currency_code,
        'order' as movement_type,
        line_type,
        quantity,
        gross_amount,
        discount_amount,
        net_amount,
        tax_amount,
        placed_at as happened_at
    from placements
    union all
    select
        sales_movement_key,
        order_key,
        order_line_key,
        store_key,
        source_customer_key,
        product_key,
        currency_code,
        case line_type when 'adjustment' then 'adjustment' else 'return' end as movement_type,
        line_type,
        quantity,
        net_amount as gross_amount,
        cast(0 as numeric(18, 4)) as discount_amount,
        net_amount,
        tax_amount,
        processed_at as happened_at
    from returns
    union all
    select
        sales_movement_key,
        order_key,
        order_line_key,
        store_key,
        cast(null as varchar) as source_customer_key,
        cast(null as varchar) as product_key,
        cast(null as varchar) as currency_code,
        'cancellation' as movement_type,
        line_type,
        quantity,
        gross_amount,
        discount_amount,
        net_amount,
        tax_amount,
        cancelled_at as happened_at
    from cancellations
)

select * from final
