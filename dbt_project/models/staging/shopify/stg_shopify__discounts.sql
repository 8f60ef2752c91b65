with discounts as (
    select * from {{ ref('base_shopify__discounts') }}
),

shops as (
    select * from {{ ref('base_shopify__shops') }}
),

final as (
    select
        discounts.account_id,
        discounts.discount_id,
        discounts.code,
        discounts.title,
        -- What an app of the shop decides has no type that could be told.
        case
            when discounts.source_type like '%FreeShipping' then 'free_shipping'
            when discounts.source_type like '%Bxgy' then 'buy_x_get_y'
            when discounts.discount_percent is not null then 'percentage'
            when discounts.discount_amount is not null then 'fixed_amount'
        end as discount_type,
        coalesce(discounts.value_currency_code, shops.currency_code) as currency_code,
        discounts.discount_percent,
        discounts.discount_amount,
        discounts.usage_count,
        discounts.is_automatic,
        discounts.starts_at,
        discounts.ends_at,
        discounts.created_at,
        discounts.updated_at,
        discounts._loaded_at
    from discounts
    left join shops on discounts.account_id = shops.account_id
)

select * from final
