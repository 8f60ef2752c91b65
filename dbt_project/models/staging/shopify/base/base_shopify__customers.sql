with source as (
    select * from {{ source('shopify', 'customers') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as customer_id,
        {{ blank_to_null('email') }} as email,
        {{ blank_to_null('phone') }} as phone,
        {{ blank_to_null('first_name') }} as first_name,
        {{ blank_to_null('last_name') }} as last_name,
        {{ blank_to_null('default_address__country_code') }} as country_code,
        {{ blank_to_null('default_address__province') }} as region,
        {{ blank_to_null('default_address__city') }} as city,
        {{ blank_to_null('default_address__zip') }} as postal_code,
        row_number() over (partition by _account_id, id order by updated_at desc)
            as version_number,
        coalesce(email_marketing_state = 'SUBSCRIBED', false) as accepts_email_marketing,
        {{ to_utc('created_at') }} as created_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
