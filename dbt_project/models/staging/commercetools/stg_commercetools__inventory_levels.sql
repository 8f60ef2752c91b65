with source as (
    select * from {{ source('commercetools', 'inventory') }}
),

variants as (
    select * from {{ source('commercetools', 'product_variants') }}
),

-- Stock is by SKU; the variant is the one that has it now.
skus as (
    select
        _account_id,
        sku,
        id as variant_id,
        row_number() over (
            partition by _account_id, sku
            order by product_modified_at desc, id asc
        ) as variant_number
    from variants
),

renamed as (
    select
        source._account_id as account_id,
        {{ blank_to_null('source.id') }} as inventory_id,
        {{ blank_to_null('skus.variant_id') }} as variant_id,
        {{ blank_to_null('source.sku') }} as sku,
        coalesce({{ blank_to_null('source.supply_channel_id') }}, 'default') as location_id,
        cast(null as varchar) as location_name,
        cast(source.quantity_on_stock as numeric(18, 3)) as on_hand_quantity,
        cast(source.available_quantity as numeric(18, 3)) as available_quantity,
        {{ to_utc('source.last_modified_at') }} as observed_at,
        source._loaded_at
    from source
    left join skus
        on
            source._account_id = skus._account_id
            and source.sku = skus.sku
            and skus.variant_number = 1
)

select * from renamed
