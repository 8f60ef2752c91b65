with source as (
    select * from {{ source('commercetools', 'orders') }}
),

lines as (
    select * from {{ source('commercetools', 'order_lines') }}
),

discounts as (
    select
        _account_id,
        order_id,
        sum(case when line_type = 'discount' then -total_price else gross - total_price end)
            as discount_amount
    from lines
    group by _account_id, order_id
),

renamed as (
    select
        source._account_id as account_id,
        {{ blank_to_null('source.id') }} as order_id,
        {{ blank_to_null('source.order_number') }} as order_number,
        {{ blank_to_null('source.customer_id') }} as customer_id,
        {{ blank_to_null('source.customer_email') }} as email,
        {{ blank_to_null('source.phone') }} as phone,
        {{ blank_to_null('source.cart_id') }} as checkout_id,
        upper({{ blank_to_null('source.currency') }}) as currency_code,
        cast(null as varchar) as presentment_currency_code,
        lower({{ blank_to_null('source.order_state') }}) as order_status,
        lower({{ blank_to_null('source.payment_state') }}) as payment_status,
        lower({{ blank_to_null('source.shipment_state') }}) as fulfillment_status,
        case source.origin when 'Customer' then 'web' else lower(source.origin) end
            as sales_channel,
        {{ blank_to_null('source.discount_codes') }} as discount_codes,
        upper(coalesce(
            {{ blank_to_null('source.shipping_address__country') }},
            {{ blank_to_null('source.billing_address__country') }}
        )) as country_code,
        coalesce(
            {{ blank_to_null('source.shipping_address__region') }},
            {{ blank_to_null('source.billing_address__region') }}
        ) as region,
        coalesce(
            {{ blank_to_null('source.shipping_address__city') }},
            {{ blank_to_null('source.billing_address__city') }}
        ) as city,
        coalesce(
            {{ blank_to_null('source.shipping_address__postal_code') }},
            {{ blank_to_null('source.billing_address__postal_code') }}
        ) as postal_code,
        cast(null as varchar) as landing_page_url,
        cast(null as varchar) as referrer_url,
        cast(coalesce(source.taxed_price__total_gross, source.total_price) as numeric(18, 4))
            as total_amount,
        cast(source.taxed_price__total_tax as numeric(18, 4)) as tax_amount,
        cast(source.shipping_info__price as numeric(18, 4)) as shipping_amount,
        cast(discounts.discount_amount as numeric(18, 4)) as discount_amount,
        cast(null as numeric(18, 4)) as presentment_total_amount,
        source.is_tax_included as is_tax_inclusive,
        false as is_test,
        coalesce(source.is_deleted, false) as is_deleted,
        {{ to_utc('source.created_at') }} as placed_at,
        -- There is no time of its own for it; a cancelled order hardly changes any more.
        case
            when source.order_state = 'Cancelled' then {{ to_utc('source.last_modified_at') }}
        end as cancelled_at,
        {{ to_utc('source.last_modified_at') }} as updated_at,
        source._loaded_at
    from source
    left join discounts
        on
            source._account_id = discounts._account_id
            and source.id = discounts.order_id
)

select * from renamed
