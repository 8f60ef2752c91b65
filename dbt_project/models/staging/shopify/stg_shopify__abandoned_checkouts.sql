with source as (
    select * from {{ source('shopify', 'abandoned_checkouts') }}
),

renamed as (
    select
        _account_id as account_id,
        -- The token is what an order remembers of its checkout.
        coalesce({{ blank_to_null('token') }}, {{ blank_to_null('id') }}) as checkout_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('email') }} as email,
        {{ blank_to_null('phone') }} as phone,
        upper({{ blank_to_null('currency_code') }}) as currency_code,
        cast(subtotal_price as numeric(18, 4)) as subtotal_amount,
        cast(total_price as numeric(18, 4)) as total_amount,
        cast(total_discount as numeric(18, 4)) as discount_amount,
        cast(total_tax as numeric(18, 4)) as tax_amount,
        cast(line_items_quantity as bigint) as item_count,
        {{ to_utc('created_at') }} as created_at,
        {{ to_utc('completed_at') }} as completed_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
