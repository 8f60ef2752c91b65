with categories as (
    select * from {{ ref('int_product_categories_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

final as (
    select
        categories.product_category_key,
        categories.product_key,
        -- A catalogue's store is the one that sells its products.
        coalesce(accounts.store_key, 'unassigned') as store_key,
        categories.category_id,
        categories.category_name,
        categories.parent_category_id,
        coalesce(categories.category_path, categories.category_name) as category_path
    from categories
    left join accounts
        on
            categories.source_name = accounts.source_name
            and categories.account_id = accounts.account_id
)

select * from final
