with source as (
    select * from {{ source('commercetools', 'discount_codes') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as discount_id,
        {{ blank_to_null('code') }} as code,
        {{ blank_to_null('name') }} as title,
        case
            when target_type = 'shipping' then 'free_shipping'
            when value_type = 'relative' then 'percentage'
            else 'fixed_amount'
        end as discount_type,
        upper({{ blank_to_null('currency') }}) as currency_code,
        cast(permyriad / 100.0 as numeric(18, 8)) as discount_percent,
        cast(amount as numeric(18, 4)) as discount_amount,
        cast(null as bigint) as usage_count,
        false as is_automatic,
        {{ to_utc('valid_from') }} as starts_at,
        {{ to_utc('valid_until') }} as ends_at,
        {{ to_utc('created_at') }} as created_at,
        {{ to_utc('last_modified_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
