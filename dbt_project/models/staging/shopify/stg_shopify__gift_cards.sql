with source as (
    select * from {{ source('shopify', 'gift_cards') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as gift_card_id,
        {{ blank_to_null('order_id') }} as order_id,
        {{ blank_to_null('line_id') }} as line_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('last_characters') }} as last_characters,
        upper({{ blank_to_null('currency_code') }}) as currency_code,
        cast(initial_value as numeric(18, 4)) as initial_amount,
        cast(balance as numeric(18, 4)) as balance_amount,
        enabled as is_enabled,
        cast(expires_on as date) as expiry_date,
        {{ to_utc('created_at') }} as created_at,
        {{ to_utc('deactivated_at') }} as deactivated_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
