with source as (
    {{ with_is_gone(
        source('sql_orders', 'customers'),
        source('sql_orders', '_present_keys'),
        'customers',
        'customer_id',
    ) }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('email') }} as email,
        {{ blank_to_null('phone') }} as phone,
        {{ blank_to_null('first_name') }} as first_name,
        {{ blank_to_null('last_name') }} as last_name,
        {{ blank_to_null('country_code') }} as country_code,
        {{ blank_to_null('region') }} as region,
        {{ blank_to_null('city') }} as city,
        {{ blank_to_null('postal_code') }} as postal_code,
        cast(accepts_email_marketing as boolean) as accepts_email_marketing,
        coalesce(cast(is_deleted as boolean), false) or is_gone as is_deleted,
        {{ to_utc('created_at') }} as created_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
