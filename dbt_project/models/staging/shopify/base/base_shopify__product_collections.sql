with source as (
    select * from {{ source('shopify', 'product_collections') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('product_id') }} as product_id,
        {{ blank_to_null('collection_id') }} as collection_id,
        {{ blank_to_null('title') }} as collection_name,
        _loaded_at
    from source
)

select * from renamed
