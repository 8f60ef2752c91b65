with fulfillment_lines as (
    select * from {{ ref('base_shopify__fulfillment_lines') }}
)

select
    account_id,
    fulfillment_id,
    order_id,
    line_id,
    quantity,
    _loaded_at
from fulfillment_lines
