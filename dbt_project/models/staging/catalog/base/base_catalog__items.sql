with source as (
    select * from {{ source('catalog', 'items') }}
),

renamed as (
    select
        _account_id as account_id,
        id as item_id,
        coalesce({{ blank_to_null('item_group_id') }}, id) as product_id,
        {{ blank_to_null('title') }} as title,
        {{ blank_to_null('link') }} as link,
        {{ blank_to_null('brand') }} as brand,
        lower({{ blank_to_null('availability') }}) as availability,
        {{ blank_to_null('google_product_category') }} as google_product_category,
        {{ blank_to_null('category_path') }} as category_path,
        {{ blank_to_null('category_name') }} as category_name,
        {{ blank_to_null('parent_category_path') }} as parent_category_path,
        upper({{ blank_to_null('price_currency') }}) as currency_code,
        -- Where there is a sale price, the other one is that before it.
        cast(coalesce(sale_price, price) as numeric(18, 4)) as price_amount,
        cast(case when sale_price is not null then price end as numeric(18, 4))
            as compare_at_amount,
        cast(cost_of_goods_sold as numeric(18, 4)) as unit_cost_amount,
        is_listed,
        {{ to_utc('seen_at') }} as observed_at,
        row_number() over (
            partition by _account_id, id
            order by seen_at desc
        ) as age,
        -- What an item was is told by its last version that was listed.
        row_number() over (
            partition by _account_id, id
            order by case when is_listed then 0 else 1 end asc, seen_at desc
        ) as listed_age,
        _loaded_at
    from source
)

select * from renamed
