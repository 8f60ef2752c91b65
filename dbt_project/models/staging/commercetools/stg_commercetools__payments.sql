with source as (
    select * from {{ source('commercetools', 'payment_transactions') }}
),

payments as (
    select * from {{ source('commercetools', 'payments') }}
),

order_payments as (
    select
        _account_id,
        payment_id,
        min(order_id) as order_id
    from {{ source('commercetools', 'order_payments') }}
    group by _account_id, payment_id
),

renamed as (
    select
        source._account_id as account_id,
        {{ blank_to_null('source.id') }} as payment_id,
        {{ blank_to_null('order_payments.order_id') }} as order_id,
        case source.type
            when 'Charge' then 'sale'
            when 'Chargeback' then 'refund'
            when 'CancelAuthorization' then 'void'
            else lower(source.type)
        end as payment_type,
        case source.state when 'Initial' then 'pending' else lower(source.state) end
            as payment_status,
        lower(coalesce(
            {{ blank_to_null('payments.payment_interface') }},
            {{ blank_to_null('payments.method') }}
        )) as gateway,
        upper({{ blank_to_null('source.currency') }}) as currency_code,
        cast(source.amount as numeric(18, 4)) as amount,
        cast(null as numeric(18, 4)) as fee_amount,
        false as is_test,
        {{ to_utc('source.happened_at') }} as processed_at,
        source._loaded_at
    from source
    left join payments
        on
            source._account_id = payments._account_id
            and source.payment_id = payments.id
    left join order_payments
        on
            source._account_id = order_payments._account_id
            and source.payment_id = order_payments.payment_id
)

select * from renamed
