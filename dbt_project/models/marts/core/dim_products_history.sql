with versions as (
    select * from {{ ref('int_product_versions_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

categories as (
    select * from {{ ref('int_categories_ruled') }}
),

{{ changed_versions(
    'versions',
    'product_key',
    'product_version_key',
    ['product_name', 'brand', 'product_type', 'category', 'status'],
) }},

final as (
    select
        versions_bounded.product_version_key,
        versions_bounded.product_key,
        -- A catalogue's store is the one that sells its products.
        coalesce(accounts.store_key, 'unassigned') as store_key,
        versions_bounded.product_name,
        versions_bounded.brand,
        versions_bounded.product_type,
        versions_bounded.category as source_category,
        categories.category,
        categories.subcategory,
        versions_bounded.status,
        versions_bounded.next_observed_at is null as is_current,
        versions_bounded.observed_at as valid_from,
        versions_bounded.next_observed_at as valid_to
    from versions_bounded
    left join accounts
        on
            versions_bounded.source_name = accounts.source_name
            and versions_bounded.account_id = accounts.account_id
    left join categories on versions_bounded.category = categories.source_category
)

select * from final
