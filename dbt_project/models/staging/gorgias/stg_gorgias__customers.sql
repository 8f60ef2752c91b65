with source as (
    select * from {{ source('gorgias', 'customers') }}
),

renamed as (
    select
        _account_id as account_id,
        cast(id as varchar) as customer_id,
        {{ blank_to_null('external_id') }} as external_id,
        lower({{ blank_to_null('email') }}) as email,
        {{ blank_to_null('name') }} as full_name,
        lower({{ blank_to_null('language') }}) as language_code,
        {{ blank_to_null('timezone') }} as customer_timezone,
        {{ to_utc('created_datetime') }} as created_at,
        {{ to_utc('updated_datetime') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
