with products as (
    select * from {{ ref('base_commercetools__products') }}
    where is_newest
),

renamed as (
    select
        account_id,
        product_id,
        product_name,
        brand,
        product_type,
        category,
        handle,
        status,
        false as is_gift_card,
        false as is_deleted,
        created_at,
        observed_at as updated_at,
        _loaded_at
    from products
)

select * from renamed
