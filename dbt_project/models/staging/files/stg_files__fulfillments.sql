with source as (
    select * from {{ source('files', 'fulfillments') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('fulfillment_id') }} as fulfillment_id,
        {{ blank_to_null('order_id') }} as order_id,
        lower({{ blank_to_null('status') }}) as status,
        {{ blank_to_null('carrier') }} as carrier,
        {{ to_utc('shipped_at') }} as shipped_at,
        {{ to_utc('delivered_at') }} as delivered_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
