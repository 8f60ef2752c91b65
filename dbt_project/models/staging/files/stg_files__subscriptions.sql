with source as (
    select * from {{ source('files', 'subscriptions') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('subscription_id') }} as subscription_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('email') }} as email,
        {{ blank_to_null('product_id') }} as product_id,
        lower({{ blank_to_null('status') }}) as status,
        upper({{ blank_to_null('currency_code') }}) as currency_code,
        cast(price_amount as numeric(18, 4)) as price_amount,
        cast(interval_days as bigint) as interval_days,
        {{ to_utc('started_at') }} as started_at,
        {{ to_utc('paused_at') }} as paused_at,
        {{ to_utc('cancelled_at') }} as cancelled_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
