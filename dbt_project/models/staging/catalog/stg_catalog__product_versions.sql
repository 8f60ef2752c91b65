with items as (
    select * from {{ ref('base_catalog__items') }}
),

ranked as (
    select
        account_id,
        product_id,
        title as product_name,
        brand,
        google_product_category as product_type,
        category_name as category,
        availability as status,
        observed_at,
        _loaded_at,
        row_number() over (
            partition by account_id, product_id, observed_at order by item_id asc
        ) as place
    from items
    where is_listed
),

final as (
    select
        account_id,
        product_id,
        product_name,
        brand,
        product_type,
        category,
        status,
        observed_at,
        _loaded_at
    from ranked
    where place = 1
)

select * from final
