with customers as (
    select * from {{ ref('base_shopify__customers') }}
),

final as (
    select
        account_id,
        customer_id,
        country_code,
        region,
        accepts_email_marketing,
        updated_at as observed_at,
        _loaded_at
    from customers
)

select * from final
