with source as (
    select * from {{ source('files', 'discounts') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('discount_id') }} as discount_id,
        {{ blank_to_null('code') }} as code,
        {{ blank_to_null('title') }} as title,
        lower({{ blank_to_null('discount_type') }}) as discount_type,
        upper({{ blank_to_null('currency_code') }}) as currency_code,
        cast(discount_percent as numeric(18, 8)) as discount_percent,
        cast(discount_amount as numeric(18, 4)) as discount_amount,
        cast(usage_count as bigint) as usage_count,
        cast(is_automatic as boolean) as is_automatic,
        {{ to_utc('starts_at') }} as starts_at,
        {{ to_utc('ends_at') }} as ends_at,
        {{ to_utc('created_at') }} as created_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
