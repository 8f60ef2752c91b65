with source as (
    select * from {{ source('commercetools', 'deliveries') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as fulfillment_id,
        {{ blank_to_null('order_id') }} as order_id,
        'shipped' as status,
        {{ blank_to_null('carrier') }} as carrier,
        {{ to_utc('created_at') }} as shipped_at,
        cast(null as timestamp) as delivered_at,
        {{ to_utc('order_modified_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
