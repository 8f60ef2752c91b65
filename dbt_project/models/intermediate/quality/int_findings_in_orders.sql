with orders as (
    select * from {{ ref('int_orders_unioned') }}
    where not coalesce(is_deleted, false)
),

lines as (
    select * from {{ ref('int_order_lines_unioned') }}
    where not coalesce(is_deleted, false)
),

refund_lines as (
    select * from {{ ref('int_refund_lines_unioned') }}
    where not coalesce(is_deleted, false)
),

payments as (
    select * from {{ ref('int_payments_unioned') }}
),

fulfillments as (
    select * from {{ ref('int_fulfillments_unioned') }}
),

every_order as (
    select * from {{ ref('int_orders_identified') }}
),

lined_orders as (
    select distinct order_key from lines
),

-- A store that tells no lines at all is asked for none.
lined_stores as (
    select distinct store_key from lines
),

belonging as (
    {%- for entity in ['refund_lines', 'payments', 'fulfillments'] %}
        select
            '{{ entity }}' as table_name,
            store_key,
            order_key,
            _loaded_at
        from {{ entity }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

order_without_lines as (
    select
        'orders' as table_name,
        orders.store_key,
        orders._loaded_at
    from orders
    inner join lined_stores on orders.store_key = lined_stores.store_key
    left join lined_orders on orders.order_key = lined_orders.order_key
    where lined_orders.order_key is null
),

line_without_order as (
    select
        'order_lines' as table_name,
        lines.store_key,
        lines._loaded_at
    from lines
    left join every_order on lines.order_key = every_order.order_key
    where every_order.order_key is null
),

order_not_loaded as (
    select
        belonging.table_name,
        belonging.store_key,
        belonging._loaded_at
    from belonging
    left join every_order on belonging.order_key = every_order.order_key
    where belonging.order_key is not null and every_order.order_key is null
),

negative_quantity as (
    select
        'order_lines' as table_name,
        store_key,
        _loaded_at
    from lines
    where quantity < 0
)

{{ findings([
    'order_without_lines',
    'line_without_order',
    'order_not_loaded',
    'negative_quantity',
]) }}
