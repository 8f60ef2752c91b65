with source as (
    select * from {{ source('shopify', 'fulfillments') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as fulfillment_id,
        {{ blank_to_null('order_id') }} as order_id,
        lower(coalesce({{ blank_to_null('display_status') }}, {{ blank_to_null('status') }}))
            as status,
        {{ blank_to_null('tracking_company') }} as carrier,
        coalesce(status in ('CANCELLED', 'ERROR', 'FAILURE'), false) as is_void,
        {{ to_utc('created_at') }} as created_at,
        {{ to_utc('in_transit_at') }} as in_transit_at,
        {{ to_utc('delivered_at') }} as delivered_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
