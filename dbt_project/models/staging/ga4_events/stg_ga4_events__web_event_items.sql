with source as (
    select * from {{ source('ga4_events', 'event_items') }}
),

renamed as (
    select
        _account_id as account_id,
        event_id,
        item_index,
        {{ blank_to_null('item_id') }} as product_id,
        -- Shopify's feed for Google names an item shopify_<country>_<product>_<variant>.
        case
            when lower(item_id) like 'shopify%' then {{ split_part('item_id', "'_'", 4) }}
        end as variant_id,
        cast(null as varchar) as sku,
        {{ blank_to_null('item_name') }} as item_name,
        {{ blank_to_null('item_category') }} as category,
        -- The currency of an event is that of its items.
        cast(null as varchar) as currency_code,
        cast(price as numeric(18, 4)) as price_amount,
        cast(quantity as numeric(18, 3)) as quantity,
        _loaded_at
    from source
)

select * from renamed
