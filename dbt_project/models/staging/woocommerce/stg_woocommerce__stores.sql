with source as (
    select * from {{ source('woocommerce', 'stores') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as store_id,
        {{ blank_to_null('name') }} as store_name,
        {{ blank_to_null('timezone') }} as timezone,
        upper({{ blank_to_null('currency') }}) as currency_code,
        upper({{ blank_to_null('country') }}) as country_code,
        prices_include_tax as is_tax_inclusive,
        cast(null as timestamp) as updated_at,
        _loaded_at
    from source
)

select * from renamed
