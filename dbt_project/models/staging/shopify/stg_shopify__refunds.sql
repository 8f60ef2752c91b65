with source as (
    select * from {{ source('shopify', 'refunds') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as refund_id,
        {{ blank_to_null('order_id') }} as order_id,
        cast(total_refunded as numeric(18,4)) as refunded_amount,
        {{ to_utc('processed_at') }} as processed_at,
        _loaded_at
    from source
)

select * from renamed
