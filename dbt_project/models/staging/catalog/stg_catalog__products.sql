with items as (
    select * from {{ ref('base_catalog__items') }}
),

listed as (
    select * from items
    where listed_age = 1 and is_listed
),

newest as (
    select * from items
    where age = 1
),

-- A product has the words of its first item that is still listed, else of its first.
ranked as (
    select
        listed.account_id,
        listed.product_id,
        listed.title as product_name,
        listed.brand,
        listed.google_product_category as product_type,
        listed.category_name as category,
        case when newest.is_listed then newest.availability else 'removed' end as status,
        min(case when newest.is_listed then 0 else 1 end) over (
            partition by listed.account_id, listed.product_id
        ) = 1 as is_deleted,
        max(newest.observed_at) over (
            partition by listed.account_id, listed.product_id
        ) as updated_at,
        newest._loaded_at,
        row_number() over (
            partition by listed.account_id, listed.product_id
            order by case when newest.is_listed then 0 else 1 end asc, listed.item_id asc
        ) as place
    from listed
    inner join newest
        on
            listed.account_id = newest.account_id
            and listed.item_id = newest.item_id
),

final as (
    select
        account_id,
        product_id,
        product_name,
        brand,
        product_type,
        category,
        product_id as handle,
        status,
        cast(null as boolean) as is_gift_card,
        is_deleted,
        cast(null as timestamp) as created_at,
        updated_at,
        _loaded_at
    from ranked
    where place = 1
)

select * from final
