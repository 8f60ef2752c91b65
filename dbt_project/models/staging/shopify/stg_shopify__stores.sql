with shops as (
    select * from {{ ref('base_shopify__shops') }}
)

select * from shops
