with source as (
    select * from {{ source('woocommerce', 'refund_lines') }}
),

orders as (
    select * from {{ source('woocommerce', 'orders') }}
),

renamed as (
    select
        source._account_id as account_id,
        {{ blank_to_null('source.id') }} as refund_line_id,
        {{ blank_to_null('source.refund_id') }} as refund_id,
        {{ blank_to_null('source.order_id') }} as order_id,
        {{ blank_to_null('source.line_id') }} as line_id,
        {{ blank_to_null('orders.customer_id') }} as customer_id,
        {{ blank_to_null('source.product_id') }} as product_id,
        upper({{ blank_to_null('orders.currency') }}) as currency_code,
        case source.line_type when 'product' then 'goods' else source.line_type end
            as refund_line_type,
        -- WooCommerce has a note for it, typed by hand: whatever it says of the buyer stays here.
        cast(null as varchar) as reason,
        -- WooCommerce writes what is given back below zero.
        cast(-source.quantity as numeric(18, 3)) as quantity,
        cast(-source.total as numeric(18, 4)) as amount,
        cast(-source.total_tax as numeric(18, 4)) as tax_amount,
        false as is_deleted,
        {{ to_utc('source.date_created_gmt') }} as processed_at,
        source._loaded_at
    from source
    left join orders
        on
            source._account_id = orders._account_id
            and source.order_id = orders.id
)

select * from renamed
