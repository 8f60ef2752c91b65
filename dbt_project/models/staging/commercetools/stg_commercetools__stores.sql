with source as (
    select * from {{ source('commercetools', 'projects') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('key') }} as store_id,
        {{ blank_to_null('name') }} as store_name,
        {{ blank_to_null('timezone') }} as timezone,
        upper({{ blank_to_null('currency') }}) as currency_code,
        upper({{ blank_to_null('country') }}) as country_code,
        -- Not the project but each order's tax rates say so.
        cast(null as boolean) as is_tax_inclusive,
        cast(null as timestamp) as updated_at,
        _loaded_at
    from source
)

select * from renamed
