with source as (
    select * from {{ source('shopify', 'fulfillment_lines') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('fulfillment_id') }} as fulfillment_id,
        {{ blank_to_null('line_id') }} as line_id,
        {{ blank_to_null('order_id') }} as order_id,
        cast(quantity as numeric(18, 3)) as quantity,
        _loaded_at
    from source
)

select * from renamed
