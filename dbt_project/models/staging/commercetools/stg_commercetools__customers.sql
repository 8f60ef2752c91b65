with source as (
    select * from {{ source('commercetools', 'customers') }}
),

versions as (
    select
        *,
        row_number() over (partition by _account_id, id order by last_modified_at desc)
            as version_number
    from source
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as customer_id,
        {{ blank_to_null('email') }} as email,
        {{ blank_to_null('address__phone') }} as phone,
        {{ blank_to_null('first_name') }} as first_name,
        {{ blank_to_null('last_name') }} as last_name,
        upper({{ blank_to_null('address__country') }}) as country_code,
        {{ blank_to_null('address__region') }} as region,
        {{ blank_to_null('address__city') }} as city,
        {{ blank_to_null('address__postal_code') }} as postal_code,
        -- commercetools has no field of its own for it.
        cast(null as boolean) as accepts_email_marketing,
        false as is_deleted,
        {{ to_utc('created_at') }} as created_at,
        {{ to_utc('last_modified_at') }} as updated_at,
        _loaded_at
    from versions
    where version_number = 1
)

select * from renamed
