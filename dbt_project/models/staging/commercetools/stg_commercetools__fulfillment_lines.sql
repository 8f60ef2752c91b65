with source as (
    select * from {{ source('commercetools', 'delivery_items') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('delivery_id') }} as fulfillment_id,
        {{ blank_to_null('order_id') }} as order_id,
        {{ blank_to_null('line_id') }} as line_id,
        cast(quantity as numeric(18, 3)) as quantity,
        _loaded_at
    from source
)

select * from renamed
