with categories as (
    select * from {{ ref('int_product_categories_unioned') }}
),

final as (
    select
        product_category_key,
        product_key,
        store_key,
        category_id,
        category_name,
        parent_category_id,
        coalesce(category_path, category_name) as category_path
    from categories
)

select * from final
