-- A line whose order has not been loaded is in no mart. Files may come apart: it is told, not
-- failed.
{{ config(severity='warn') }}

with lines as (
    select * from {{ ref('int_order_lines_unioned') }}
),

orders as (
    select * from {{ ref('int_orders_unioned') }}
)

select
    lines.order_line_key,
    lines.order_id
from lines
left join orders on lines.order_key = orders.order_key
where orders.order_key is null
