-- A source that states the sum of a line only has a price of one unit that is known to four digits.
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
where
    abs(gross_amount - {{ money_multiply('unit_price_amount', 'quantity') }})
    > 0.0001 * abs(quantity)
