with items as (
    select * from {{ ref('base_catalog__items') }}
),

final as (
    select distinct
        account_id,
        product_id,
        category_path as category_id,
        category_name,
        parent_category_path as parent_category_id,
        category_path
    from items
    where listed_age = 1 and is_listed and category_path is not null
)

select * from final
