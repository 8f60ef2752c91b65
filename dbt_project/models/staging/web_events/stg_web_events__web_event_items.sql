with source as (
    select * from {{ source('web_events', 'event_items') }}
),

renamed as (
    select
        _account_id as account_id,
        event_id,
        item_index,
        {{ blank_to_null('product_id') }} as product_id,
        cast(null as varchar) as variant_id,
        {{ blank_to_null('sku') }} as sku,
        {{ blank_to_null('name') }} as item_name,
        {{ blank_to_null('category') }} as category,
        -- The currency of an event is that of its items.
        cast(null as varchar) as currency_code,
        cast(price as numeric(18, 4)) as price_amount,
        cast(quantity as numeric(18, 3)) as quantity,
        _loaded_at
    from source
)

select * from renamed
