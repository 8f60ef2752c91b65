with source as (
    select * from {{ source('files', 'customer_versions') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('country_code') }} as country_code,
        {{ blank_to_null('region') }} as region,
        cast(accepts_email_marketing as boolean) as accepts_email_marketing,
        {{ to_utc('observed_at') }} as observed_at,
        _loaded_at
    from source
)

select * from renamed
