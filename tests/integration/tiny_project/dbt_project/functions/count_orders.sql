select count(*) from {{ ref('fct_orders') }} where customer_id = p_customer
