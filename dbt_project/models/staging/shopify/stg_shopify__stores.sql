with shops as (
    select * from {{ ref('base_shopify__shops') }}
),

final as (
    select
        account_id,
        store_id,
        store_name,
        timezone,
        currency_code,
        country_code,
        is_tax_inclusive,
        updated_at,
        _loaded_at
    from shops
)

select * from final
