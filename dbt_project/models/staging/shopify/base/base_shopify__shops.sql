with source as (
    select * from {{ source('shopify', 'shops') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as store_id,
        {{ blank_to_null('name') }} as store_name,
        {{ blank_to_null('iana_timezone') }} as timezone,
        upper({{ blank_to_null('currency_code') }}) as currency_code,
        {{ blank_to_null('country_code') }} as country_code,
        taxes_included as is_tax_inclusive,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
