select count(*) as order_count from {{ ref('fct_orders') }}
