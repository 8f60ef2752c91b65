with source as (
    select * from {{ source('shopify', 'transactions') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as payment_id,
        {{ blank_to_null('order_id') }} as order_id,
        case kind when 'EMV_AUTHORIZATION' then 'authorization' else lower(kind) end
            as payment_type,
        lower(status) as payment_status,
        lower({{ blank_to_null('gateway') }}) as gateway,
        upper({{ blank_to_null('currency_code') }}) as currency_code,
        cast(amount as numeric(18, 4)) as amount,
        cast(fees__total as numeric(18, 4)) as fee_amount,
        test as is_test,
        {{ to_utc('processed_at') }} as processed_at,
        _loaded_at
    from source
)

select * from renamed
