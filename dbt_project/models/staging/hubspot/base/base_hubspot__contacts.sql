with source as (
    select * from {{ source('hubspot', 'contacts') }}
),

renamed as (
    select
        _account_id as account_id,
        id as contact_id,
        {{ blank_to_null('email') }} as email,
        coalesce({{ blank_to_null('phone') }}, {{ blank_to_null('mobilephone') }}) as phone,
        {{ blank_to_null('firstname') }} as first_name,
        {{ blank_to_null('lastname') }} as last_name,
        {{ blank_to_null('company') }} as company,
        {{ blank_to_null('country') }} as country_code,
        {{ blank_to_null('state') }} as region,
        {{ blank_to_null('city') }} as city,
        {{ blank_to_null('zip') }} as postal_code,
        lower({{ blank_to_null('lifecyclestage') }}) as lifecycle_stage,
        row_number() over (
            partition by _account_id, id order by lastmodifieddate desc
        ) as version_number,
        coalesce(lower(hs_marketable_status) = 'true', false)
        and not coalesce(lower(hs_email_optout) = 'true', false) as accepts_email_marketing,
        {{ to_utc('createdate') }} as created_at,
        {{ to_utc('lastmodifieddate') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
