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

final as (
    select
        listed.account_id,
        listed.item_id as variant_id,
        listed.product_id,
        listed.item_id as sku,
        listed.title as variant_name,
        listed.currency_code,
        listed.price_amount,
        listed.compare_at_amount,
        listed.unit_cost_amount,
        cast(null as numeric(18, 4)) as weight_kg,
        not newest.is_listed as is_deleted,
        newest.observed_at as updated_at,
        newest._loaded_at
    from listed
    inner join newest
        on
            listed.account_id = newest.account_id
            and listed.item_id = newest.item_id
)

select * from final
