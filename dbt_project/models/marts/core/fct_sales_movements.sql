{% set parts = [
    'gross', 'discount', 'return', 'net', 'shipping', 'fee', 'gift_card', 'tip', 'manual',
    'sample', 'tax', 'total'
] %}

with movements as (
    select * from {{ ref('int_sales_movements') }}
),

final as (
    select
        sales_movement_key,
        order_key,
        order_line_key,
        store_key,
        customer_key,
        product_key,
        movement_type,
        line_type,
        currency_code,
        quantity,
        {%- for part in parts %}
            {{ part }}_amount,
        {%- endfor %}
        net_store_amount,
        total_store_amount,
        order_date,
        movement_date,
        happened_at
    from movements
    where counts_in_sales and movement_date is not null
)

select * from final
