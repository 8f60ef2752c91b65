-- Every cart with something in it; one that became an order tells when.
with source as (
    select * from {{ source('commercetools', 'carts') }}
    where line_items__quantity > 0
),

orders as (
    select
        _account_id,
        cart_id,
        min(created_at) as created_at
    from {{ source('commercetools', 'orders') }}
    where cart_id is not null
    group by _account_id, cart_id
),

renamed as (
    select
        source._account_id as account_id,
        {{ blank_to_null('source.id') }} as checkout_id,
        {{ blank_to_null('source.customer_id') }} as customer_id,
        {{ blank_to_null('source.customer_email') }} as email,
        cast(null as varchar) as phone,
        upper({{ blank_to_null('source.currency') }}) as currency_code,
        cast(source.total_price as numeric(18, 4)) as subtotal_amount,
        cast(coalesce(source.taxed_price__total_gross, source.total_price) as numeric(18, 4))
            as total_amount,
        cast(source.line_items__discount as numeric(18, 4)) as discount_amount,
        cast(source.taxed_price__total_tax as numeric(18, 4)) as tax_amount,
        cast(source.line_items__quantity as bigint) as item_count,
        {{ to_utc('source.created_at') }} as created_at,
        {{ to_utc('orders.created_at') }} as completed_at,
        {{ to_utc('source.last_modified_at') }} as updated_at,
        source._loaded_at
    from source
    left join orders
        on
            source._account_id = orders._account_id
            and source.id = orders.cart_id
)

select * from renamed
