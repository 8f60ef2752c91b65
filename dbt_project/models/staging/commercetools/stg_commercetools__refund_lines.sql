-- Goods that came back with their money; and money that went back on an order without any goods,
-- unless the order was cancelled: that is booked by the cancellation.
with returned_lines as (
    select * from {{ ref('base_commercetools__returned_lines') }}
),

return_items as (
    select distinct
        _account_id,
        order_id
    from {{ source('commercetools', 'return_items') }}
),

transactions as (
    select * from {{ source('commercetools', 'payment_transactions') }}
    where state = 'Success' and type in ('Refund', 'Chargeback')
),

order_payments as (
    select * from {{ source('commercetools', 'order_payments') }}
),

orders as (
    select * from {{ source('commercetools', 'orders') }}
),

refund_lines as (
    select
        account_id,
        refund_line_id,
        refund_id,
        order_id,
        line_id,
        product_id,
        case line_type when 'product' then 'goods' else 'fee' end as refund_line_type,
        quantity,
        paid_amount - tax_amount as amount,
        tax_amount,
        returned_at as processed_at,
        _loaded_at
    from returned_lines
    union all
    select
        transactions._account_id as account_id,
        transactions.id as refund_line_id,
        transactions.id as refund_id,
        order_payments.order_id,
        cast(null as varchar) as line_id,
        cast(null as varchar) as product_id,
        'adjustment' as refund_line_type,
        cast(null as bigint) as quantity,
        transactions.amount,
        0 as tax_amount,
        transactions.happened_at as processed_at,
        transactions._loaded_at
    from transactions
    inner join order_payments
        on
            transactions._account_id = order_payments._account_id
            and transactions.payment_id = order_payments.payment_id
    inner join orders
        on
            order_payments._account_id = orders._account_id
            and order_payments.order_id = orders.id
    left join return_items
        on
            order_payments._account_id = return_items._account_id
            and order_payments.order_id = return_items.order_id
    where orders.order_state != 'Cancelled' and return_items.order_id is null
),

renamed as (
    select
        refund_lines.account_id,
        {{ blank_to_null('refund_lines.refund_line_id') }} as refund_line_id,
        {{ blank_to_null('refund_lines.refund_id') }} as refund_id,
        {{ blank_to_null('refund_lines.order_id') }} as order_id,
        {{ blank_to_null('refund_lines.line_id') }} as line_id,
        {{ blank_to_null('orders.customer_id') }} as customer_id,
        {{ blank_to_null('refund_lines.product_id') }} as product_id,
        upper({{ blank_to_null('orders.currency') }}) as currency_code,
        refund_lines.refund_line_type,
        cast(null as varchar) as reason,
        cast(refund_lines.quantity as numeric(18, 3)) as quantity,
        cast(refund_lines.amount as numeric(18, 4)) as amount,
        cast(refund_lines.tax_amount as numeric(18, 4)) as tax_amount,
        false as is_deleted,
        {{ to_utc('refund_lines.processed_at') }} as processed_at,
        refund_lines._loaded_at
    from refund_lines
    inner join orders
        on
            refund_lines.account_id = orders._account_id
            and refund_lines.order_id = orders.id
)

select * from renamed
