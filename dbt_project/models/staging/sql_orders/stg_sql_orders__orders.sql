with source as (
    {{ with_is_gone(
        source('sql_orders', 'orders'),
        source('sql_orders', '_present_keys'),
        'orders',
        'order_id',
    ) }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('order_id') }} as order_id,
        {{ blank_to_null('order_number') }} as order_number,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('email') }} as email,
        {{ blank_to_null('phone') }} as phone,
        {{ blank_to_null('checkout_id') }} as checkout_id,
        upper({{ blank_to_null('currency_code') }}) as currency_code,
        upper({{ blank_to_null('presentment_currency_code') }}) as presentment_currency_code,
        lower({{ blank_to_null('order_status') }}) as order_status,
        lower({{ blank_to_null('payment_status') }}) as payment_status,
        lower({{ blank_to_null('fulfillment_status') }}) as fulfillment_status,
        lower({{ blank_to_null('sales_channel') }}) as sales_channel,
        {{ blank_to_null('discount_codes') }} as discount_codes,
        {{ blank_to_null('country_code') }} as country_code,
        {{ blank_to_null('region') }} as region,
        {{ blank_to_null('city') }} as city,
        {{ blank_to_null('postal_code') }} as postal_code,
        {{ blank_to_null('landing_page_url') }} as landing_page_url,
        {{ blank_to_null('referrer_url') }} as referrer_url,
        cast(total_amount as numeric(18, 4)) as total_amount,
        cast(tax_amount as numeric(18, 4)) as tax_amount,
        cast(shipping_amount as numeric(18, 4)) as shipping_amount,
        cast(discount_amount as numeric(18, 4)) as discount_amount,
        cast(presentment_total_amount as numeric(18, 4)) as presentment_total_amount,
        cast(is_tax_inclusive as boolean) as is_tax_inclusive,
        cast(is_test as boolean) as is_test,
        coalesce(cast(is_deleted as boolean), false) or is_gone as is_deleted,
        {{ to_utc('placed_at') }} as placed_at,
        {{ to_utc('cancelled_at') }} as cancelled_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
