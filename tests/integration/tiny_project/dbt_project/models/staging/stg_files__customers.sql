select customer_id from {{ source('files', 'customers') }}
