with source as (
    select * from {{ source('commercetools', 'customers') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as customer_id,
        upper({{ blank_to_null('address__country') }}) as country_code,
        {{ blank_to_null('address__region') }} as region,
        cast(null as boolean) as accepts_email_marketing,
        {{ to_utc('last_modified_at') }} as observed_at,
        _loaded_at
    from source
)

select * from renamed
