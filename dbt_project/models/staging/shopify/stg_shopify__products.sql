with source as (
    select * from {{ source('shopify', 'products') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as product_id,
        {{ blank_to_null('title') }} as product_name,
        {{ blank_to_null('vendor') }} as brand,
        {{ blank_to_null('product_type') }} as product_type,
        {{ blank_to_null('category__full_name') }} as category,
        {{ blank_to_null('handle') }} as handle,
        lower({{ blank_to_null('status') }}) as status,
        is_gift_card,
        false as is_deleted,
        {{ to_utc('created_at') }} as created_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
