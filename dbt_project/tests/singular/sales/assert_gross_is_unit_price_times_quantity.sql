{{ config(meta={'pitfall': 1}) }}

with lines as (
    select * from {{ ref('int_order_lines_unioned') }}
)

select
    order_line_key,
    unit_price_amount,
    quantity,
    gross_amount
from lines
where gross_amount != {{ money_multiply('unit_price_amount', 'quantity') }}
