with source as (
    select * from {{ source('shopify', 'orders') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as order_id,
        {{ blank_to_null('name') }} as order_number,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('email') }} as email,
        {{ blank_to_null('phone') }} as phone,
        {{ blank_to_null('checkout_token') }} as checkout_id,
        upper({{ blank_to_null('currency_code') }}) as currency_code,
        upper({{ blank_to_null('presentment_currency_code') }}) as presentment_currency_code,
        case
            when cancelled_at is not null then 'cancelled'
            when closed_at is not null then 'closed'
            else 'open'
        end as order_status,
        lower({{ blank_to_null('display_financial_status') }}) as payment_status,
        lower({{ blank_to_null('display_fulfillment_status') }}) as fulfillment_status,
        case lower({{ blank_to_null('source_name') }})
            when 'shopify_draft_order' then 'draft'
            else lower({{ blank_to_null('source_name') }})
        end as sales_channel,
        {{ blank_to_null('discount_codes') }} as discount_codes,
        coalesce(
            {{ blank_to_null('shipping_address__country_code') }},
            {{ blank_to_null('billing_address__country_code') }}
        ) as country_code,
        coalesce(
            {{ blank_to_null('shipping_address__province') }},
            {{ blank_to_null('billing_address__province') }}
        ) as region,
        coalesce(
            {{ blank_to_null('shipping_address__city') }},
            {{ blank_to_null('billing_address__city') }}
        ) as city,
        coalesce(
            {{ blank_to_null('shipping_address__zip') }},
            {{ blank_to_null('billing_address__zip') }}
        ) as postal_code,
        {{ blank_to_null('last_visit__landing_page') }} as landing_page_url,
        {{ blank_to_null('last_visit__referrer_url') }} as referrer_url,
        cast(original_total_price as numeric(18, 4)) as total_amount,
        cast(total_tax as numeric(18, 4)) as tax_amount,
        cast(total_shipping_price as numeric(18, 4)) as shipping_amount,
        cast(total_discounts as numeric(18, 4)) as discount_amount,
        cast(original_total_price__presentment as numeric(18, 4)) as presentment_total_amount,
        taxes_included as is_tax_inclusive,
        test as is_test,
        edited as is_edited,
        is_deleted,
        {{ to_utc('processed_at') }} as placed_at,
        {{ to_utc('cancelled_at') }} as cancelled_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
