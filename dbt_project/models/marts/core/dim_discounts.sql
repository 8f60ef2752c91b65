with discounts as (
    select * from {{ ref('int_discounts_unioned') }}
),

final as (
    select
        discount_key,
        store_key,
        source_name,
        account_id,
        discount_id,
        code,
        title,
        discount_type,
        currency_code,
        discount_percent,
        discount_amount as discount_store_amount,
        usage_count,
        coalesce(is_automatic, false) as is_automatic,
        starts_at,
        ends_at,
        created_at
    from discounts
)

select * from final
