select order_id, customer_id, currency_code from {{ source('files', 'orders') }}
