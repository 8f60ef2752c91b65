with stores as (
    select * from {{ ref('int_stores_completed') }}
),

final as (
    select
        store_key,
        source_name,
        account_id,
        store_id,
        store_name,
        timezone,
        currency_code,
        country_code,
        is_tax_inclusive
    from stores
)

select * from final
