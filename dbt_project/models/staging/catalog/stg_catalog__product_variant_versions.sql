with items as (
    select * from {{ ref('base_catalog__items') }}
),

final as (
    select
        account_id,
        item_id as variant_id,
        product_id,
        item_id as sku,
        currency_code,
        price_amount,
        compare_at_amount,
        unit_cost_amount,
        cast(null as numeric(18, 4)) as weight_kg,
        observed_at,
        _loaded_at
    from items
    where is_listed
)

select * from final
