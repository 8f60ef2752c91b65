with source as (
    select * from {{ source('files', 'product_categories') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('product_id') }} as product_id,
        {{ blank_to_null('category_id') }} as category_id,
        {{ blank_to_null('category_name') }} as category_name,
        {{ blank_to_null('parent_category_id') }} as parent_category_id,
        {{ blank_to_null('category_path') }} as category_path,
        _loaded_at
    from source
)

select * from renamed
