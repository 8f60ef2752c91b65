select customer_id from {{ ref('stg_files__customers') }}
