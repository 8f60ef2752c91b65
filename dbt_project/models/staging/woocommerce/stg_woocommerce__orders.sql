with source as (
    select * from {{ source('woocommerce', 'orders') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as order_id,
        {{ blank_to_null('number') }} as order_number,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('billing__email') }} as email,
        {{ blank_to_null('billing__phone') }} as phone,
        cast(null as varchar) as checkout_id,
        upper({{ blank_to_null('currency') }}) as currency_code,
        cast(null as varchar) as presentment_currency_code,
        lower({{ blank_to_null('status') }}) as order_status,
        case
            when date_paid_gmt is not null then 'paid'
            when lower(status) = 'failed' then 'failed'
            else 'unpaid'
        end as payment_status,
        case when date_completed_gmt is not null then 'fulfilled' else 'unfulfilled' end
            as fulfillment_status,
        case
            when created_via in ('checkout', 'store-api') then 'web'
            when created_via = 'pos-rest-api' then 'pos'
            else lower({{ blank_to_null('created_via') }})
        end as sales_channel,
        {{ blank_to_null('coupon_codes') }} as discount_codes,
        upper(
            coalesce(
                {{ blank_to_null('shipping__country') }}, {{ blank_to_null('billing__country') }}
            )
        ) as country_code,
        coalesce({{ blank_to_null('shipping__state') }}, {{ blank_to_null('billing__state') }})
            as region,
        coalesce({{ blank_to_null('shipping__city') }}, {{ blank_to_null('billing__city') }})
            as city,
        coalesce(
            {{ blank_to_null('shipping__postcode') }}, {{ blank_to_null('billing__postcode') }}
        ) as postal_code,
        {{ blank_to_null('attribution__session_entry') }} as landing_page_url,
        {{ blank_to_null('attribution__referrer') }} as referrer_url,
        cast(total as numeric(18, 4)) as total_amount,
        cast(total_tax as numeric(18, 4)) as tax_amount,
        cast(shipping_total as numeric(18, 4)) as shipping_amount,
        cast(discount_total as numeric(18, 4)) as discount_amount,
        cast(null as numeric(18, 4)) as presentment_total_amount,
        -- Whatever a store's prices contain: on an order WooCommerce writes tax apart.
        false as is_tax_inclusive,
        false as is_test,
        coalesce(is_deleted, false) as is_deleted,
        {{ to_utc('date_created_gmt') }} as placed_at,
        {{ to_utc('cancelled_at') }} as cancelled_at,
        {{ to_utc('date_modified_gmt') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
