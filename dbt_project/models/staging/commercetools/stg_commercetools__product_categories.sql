with source as (
    select * from {{ source('commercetools', 'product_categories') }}
),

categories as (
    select * from {{ source('commercetools', 'categories') }}
),

renamed as (
    select
        source._account_id as account_id,
        {{ blank_to_null('source.product_id') }} as product_id,
        {{ blank_to_null('source.category_id') }} as category_id,
        {{ blank_to_null('categories.name') }} as category_name,
        {{ blank_to_null('categories.parent_id') }} as parent_category_id,
        {{ blank_to_null('categories.path') }} as category_path,
        source._loaded_at
    from source
    left join categories
        on
            source._account_id = categories._account_id
            and source.category_id = categories.id
)

select * from renamed
