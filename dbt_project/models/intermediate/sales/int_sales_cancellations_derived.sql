-- For sources that book no agreements: on the cancel day the negative of what is still open.
with placements as (
    select * from {{ ref('int_sales_placements_derived') }}
    where cancelled_at is not null
),

returns as (
    select * from {{ ref('int_sales_returns_derived') }}
    where cancelled_at is not null
),

returned_lines as (
    select
        order_line_key,
        sum(quantity) as quantity,
        sum(net_amount) as net_amount,
        sum(tax_amount) as tax_amount
    from returns
    where order_line_key is not null
    group by order_line_key
),

-- Nothing of a line is open where more was given back than it cost.
opened as (
    select
        placements.order_key,
        placements.order_line_key,
        placements.store_key,
        placements.line_type,
        placements.gross_amount as placed_gross_amount,
        placements.net_amount as placed_net_amount,
        case
            when returned_lines.order_line_key is null then placements.quantity
            else {{ greatest(['placements.quantity + returned_lines.quantity', '0']) }}
        end as quantity,
        case
            when returned_lines.order_line_key is null then placements.net_amount
            else {{ greatest(['placements.net_amount + returned_lines.net_amount', '0']) }}
        end as net_amount,
        case
            when returned_lines.order_line_key is null then placements.tax_amount
            else {{ greatest(['placements.tax_amount + returned_lines.tax_amount', '0']) }}
        end as tax_amount,
        placements.cancelled_at
    from placements
    left join returned_lines on placements.order_line_key = returned_lines.order_line_key
),

-- What was given back on the order as a whole is not open either.
returned_orders as (
    select
        order_key,
        store_key,
        line_type,
        cancelled_at,
        sum(net_amount) as net_amount,
        sum(tax_amount) as tax_amount
    from returns
    where order_line_key is null
    group by order_key, store_key, line_type, cancelled_at
),

reversed as (
    select
        {{ surrogate_key(['order_line_key', "'cancellation'"]) }} as sales_movement_key,
        order_key,
        order_line_key,
        store_key,
        line_type,
        -quantity as quantity,
        -coalesce(
            {{ money_share('placed_gross_amount', 'net_amount', 'placed_net_amount') }},
            placed_gross_amount
        ) as gross_amount,
        -net_amount as net_amount,
        -tax_amount as tax_amount,
        cancelled_at
    from opened
    union all
    select
        {{ surrogate_key(['order_key', 'line_type', "'cancellation'"]) }} as sales_movement_key,
        order_key,
        cast(null as varchar) as order_line_key,
        store_key,
        line_type,
        cast(0 as numeric(18, 3)) as quantity,
        -net_amount as gross_amount,
        -net_amount as net_amount,
        -tax_amount as tax_amount,
        cancelled_at
    from returned_orders
),

final as (
    select
        sales_movement_key,
        order_key,
        order_line_key,
        store_key,
        line_type,
        cast(quantity as numeric(18, 3)) as quantity,
        cast(gross_amount as numeric(18, 4)) as gross_amount,
        cast(gross_amount - net_amount as numeric(18, 4)) as discount_amount,
        cast(net_amount as numeric(18, 4)) as net_amount,
        cast(tax_amount as numeric(18, 4)) as tax_amount,
        cancelled_at
    from reversed
)

select * from final
