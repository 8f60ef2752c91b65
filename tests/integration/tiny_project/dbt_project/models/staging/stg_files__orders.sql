select order_id, customer_id from {{ source('files', 'orders') }}
