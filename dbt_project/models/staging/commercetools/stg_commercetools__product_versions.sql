with products as (
    select * from {{ ref('base_commercetools__products') }}
),

renamed as (
    select
        account_id,
        product_id,
        product_name,
        brand,
        product_type,
        category,
        status,
        observed_at,
        _loaded_at
    from products
)

select * from renamed
