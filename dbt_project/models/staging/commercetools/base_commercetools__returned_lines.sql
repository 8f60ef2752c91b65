-- What comes back has no price of its own: it is the part of the line that its units are. Cents go
-- by all units back so far, so that the parts of a line that comes back in several returns add up.
with return_items as (
    select * from {{ source('commercetools', 'return_items') }}
    where payment_state = 'Refunded'
),

lines as (
    select * from {{ source('commercetools', 'order_lines') }}
),

orders as (
    select * from {{ source('commercetools', 'orders') }}
),

counted as (
    select
        return_items._account_id as account_id,
        return_items.id as refund_line_id,
        return_items.return_id as refund_id,
        return_items.order_id,
        return_items.line_id,
        lines.line_type,
        lines.product_id,
        lines.quantity as line_quantity,
        return_items.quantity,
        sum(return_items.quantity) over (
            partition by return_items._account_id, return_items.order_id, return_items.line_id
            order by return_items.returned_at, return_items.id
            rows between unbounded preceding and current row
        ) as back_so_far,
        case
            when orders.is_tax_included then lines.total_price
            else lines.total_price + coalesce(lines.total_tax, 0)
        end as paid_amount,
        coalesce(lines.total_tax, 0) as tax_amount,
        return_items.returned_at,
        return_items._loaded_at
    from return_items
    inner join lines
        on
            return_items._account_id = lines._account_id
            and return_items.order_id = lines.order_id
            and return_items.line_id = lines.id
    inner join orders
        on
            return_items._account_id = orders._account_id
            and return_items.order_id = orders.id
),

shared as (
    select
        account_id,
        refund_line_id,
        refund_id,
        order_id,
        line_id,
        line_type,
        product_id,
        quantity,
        cast(
            {{ money_share('paid_amount', 'back_so_far', 'line_quantity', digits=2) }}
            - {{ money_share(
                'paid_amount', '(back_so_far - quantity)', 'line_quantity', digits=2
            ) }}
            as numeric(18, 4)
        ) as paid_amount,
        cast(
            {{ money_share('tax_amount', 'back_so_far', 'line_quantity', digits=2) }}
            - {{ money_share(
                'tax_amount', '(back_so_far - quantity)', 'line_quantity', digits=2
            ) }}
            as numeric(18, 4)
        ) as tax_amount,
        returned_at,
        _loaded_at
    from counted
)

select * from shared
