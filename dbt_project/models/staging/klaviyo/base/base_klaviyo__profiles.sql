with source as (
    select * from {{ source('klaviyo', 'profiles') }}
),

renamed as (
    select
        _account_id as account_id,
        id as profile_id,
        {{ blank_to_null('external_id') }} as external_customer_id,
        {{ blank_to_null('email') }} as email,
        {{ blank_to_null('phone_number') }} as phone,
        {{ blank_to_null('first_name') }} as first_name,
        {{ blank_to_null('last_name') }} as last_name,
        {{ blank_to_null('location__country') }} as country_code,
        {{ blank_to_null('location__region') }} as region,
        {{ blank_to_null('location__city') }} as city,
        {{ blank_to_null('location__zip') }} as postal_code,
        row_number() over (
            partition by _account_id, id order by updated desc, _observed_at desc
        ) as version_number,
        coalesce(upper(email_consent) = 'SUBSCRIBED', false) as accepts_email_marketing,
        {{ to_utc('email_consent_timestamp') }} as email_consent_at,
        {{ to_utc('created') }} as created_at,
        {{ to_utc('updated') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
