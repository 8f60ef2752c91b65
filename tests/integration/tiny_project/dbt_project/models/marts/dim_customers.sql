select customer_id from {{ ref('int_customers_unioned') }}
