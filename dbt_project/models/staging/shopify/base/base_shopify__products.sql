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
        {{ blank_to_null('category__id') }} as category_id,
        {{ blank_to_null('category__name') }} as category_name,
        {{ blank_to_null('category__parent_id') }} as parent_category_id,
        {{ blank_to_null('category__full_name') }} as category_path,
        {{ blank_to_null('handle') }} as handle,
        lower({{ blank_to_null('status') }}) as status,
        row_number() over (partition by _account_id, id order by updated_at desc)
            as version_number,
        is_gift_card,
        {{ to_utc('created_at') }} as created_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
