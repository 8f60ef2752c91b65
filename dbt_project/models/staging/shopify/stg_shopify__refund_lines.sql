with source as (
    select * from {{ source('shopify', 'refund_lines') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as refund_line_id,
        {{ blank_to_null('refund_id') }} as refund_id,
        {{ blank_to_null('order_id') }} as order_id,
        {{ blank_to_null('line_id') }} as line_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('product_id') }} as product_id,
        upper({{ blank_to_null('currency_code') }}) as currency_code,
        case line_type when 'product' then 'goods' else line_type end as refund_line_type,
        lower({{ blank_to_null('reason') }}) as reason,
        cast(quantity as numeric(18, 3)) as quantity,
        -- An adjustment below zero is money beyond the lines; others have tax inside where
        -- the shop's prices have.
        cast(
            case
                when line_type = 'adjustment' then -amount
                when taxes_included then amount - coalesce(tax_amount, 0)
                else amount
            end as numeric(18, 4)
        ) as amount,
        cast(
            case when line_type = 'adjustment' then -tax_amount else tax_amount end
            as numeric(18, 4)
        ) as tax_amount,
        false as is_deleted,
        {{ to_utc('processed_at') }} as processed_at,
        _loaded_at
    from source
)

select * from renamed
