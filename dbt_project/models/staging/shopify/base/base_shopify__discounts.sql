with source as (
    select * from {{ source('shopify', 'discounts') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as discount_id,
        {{ blank_to_null('code') }} as code,
        {{ blank_to_null('title') }} as title,
        {{ blank_to_null('discount_type') }} as source_type,
        upper({{ blank_to_null('value__currency_code') }}) as value_currency_code,
        -- Shopify writes a share of 1.
        cast(value__percentage * 100 as numeric(18, 8)) as discount_percent,
        cast(value__amount as numeric(18, 4)) as discount_amount,
        cast(usage_count as bigint) as usage_count,
        is_automatic,
        {{ to_utc('starts_at') }} as starts_at,
        {{ to_utc('ends_at') }} as ends_at,
        {{ to_utc('created_at') }} as created_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
