with customers as (
    select * from {{ ref('base_shopify__customers') }}
),

final as (
    select
        account_id,
        customer_id,
        email,
        phone,
        first_name,
        last_name,
        country_code,
        region,
        city,
        postal_code,
        accepts_email_marketing,
        false as is_deleted,
        created_at,
        updated_at,
        _loaded_at
    from customers
    where version_number = 1
)

select * from final
