with source as (
    select * from {{ source('files', 'web_event_items') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('event_id') }} as event_id,
        cast(item_index as bigint) as item_index,
        {{ blank_to_null('product_id') }} as product_id,
        {{ blank_to_null('variant_id') }} as variant_id,
        {{ blank_to_null('sku') }} as sku,
        {{ blank_to_null('item_name') }} as item_name,
        {{ blank_to_null('category') }} as category,
        upper({{ blank_to_null('currency_code') }}) as currency_code,
        cast(price_amount as numeric(18, 4)) as price_amount,
        cast(quantity as numeric(18, 3)) as quantity,
        _loaded_at
    from source
)

select * from renamed
