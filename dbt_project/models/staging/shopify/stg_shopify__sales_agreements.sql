with source as (
    select * from {{ source('shopify', 'order_agreement_sales') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as agreement_id,
        {{ blank_to_null('order_id') }} as order_id,
        {{ blank_to_null('line_id') }} as line_id,
        case reason when 'ORDER_EDIT' then 'edit' else lower(reason) end as reason,
        lower(action_type) as action,  -- noqa: RF04
        case line_type
            when 'PRODUCT' then 'goods'
            when 'ADDITIONAL_FEE' then 'fee'
            else lower(line_type)
        end as line_type,
        cast(coalesce(quantity, 0) as numeric(18, 3)) as quantity,
        cast(total_amount as numeric(18, 4)) as total_amount,
        -- Shopify writes a discount of a sale above zero.
        cast(-total_discount_before_taxes as numeric(18, 4)) as discount_amount,
        cast(total_tax_amount as numeric(18, 4)) as tax_amount,
        {{ to_utc('happened_at') }} as happened_at,
        _loaded_at
    from source
)

select * from renamed
