with agreements as (
    select * from {{ ref('int_sales_agreements_unioned') }}
),

orders as (
    select * from {{ ref('int_orders_identified') }}
),

final as (
    select
        agreements.agreement_key as sales_movement_key,
        agreements.order_key,
        agreements.order_line_key,
        agreements.store_key,
        case
            when agreements.reason = 'order' then 'order'
            -- The cancellation and its refund are booked within moments of each other.
            when
                agreements.happened_at
                >= {{ dbt.dateadd('minute', -1, 'orders.cancelled_at') }}
                then 'cancellation'
            when agreements.line_type = 'adjustment' then 'adjustment'
            when agreements.reason in ('refund', 'return') then 'return'
            else 'edit'
        end as movement_type,
        agreements.line_type,
        agreements.quantity,
        cast(
            agreements.total_amount - agreements.tax_amount - agreements.discount_amount
            as numeric(18, 4)
        ) as gross_amount,
        cast(-agreements.discount_amount as numeric(18, 4)) as discount_amount,
        cast(agreements.total_amount - agreements.tax_amount as numeric(18, 4)) as net_amount,
        agreements.tax_amount,
        agreements.happened_at
    from agreements
    inner join orders on agreements.order_key = orders.order_key
)

select * from final
