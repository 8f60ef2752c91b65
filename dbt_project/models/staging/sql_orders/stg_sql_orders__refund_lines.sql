with source as (
    {{ with_is_gone(
        source('sql_orders', 'refund_lines'),
        source('sql_orders', '_present_keys'),
        'refund_lines',
        'refund_line_id',
    ) }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('refund_line_id') }} as refund_line_id,
        {{ blank_to_null('refund_id') }} as refund_id,
        {{ blank_to_null('order_id') }} as order_id,
        {{ blank_to_null('line_id') }} as line_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('product_id') }} as product_id,
        upper({{ blank_to_null('currency_code') }}) as currency_code,
        lower({{ blank_to_null('refund_line_type') }}) as refund_line_type,
        {{ blank_to_null('reason') }} as reason,
        cast(quantity as numeric(18, 3)) as quantity,
        cast(amount as numeric(18, 4)) as amount,
        cast(tax_amount as numeric(18, 4)) as tax_amount,
        coalesce(cast(is_deleted as boolean), false) or is_gone as is_deleted,
        {{ to_utc('processed_at') }} as processed_at,
        _loaded_at
    from source
)

select * from renamed
