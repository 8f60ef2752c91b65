with source as (
    select * from {{ source('woocommerce', 'customers') }}
),

versions as (
    select
        *,
        row_number() over (partition by _account_id, id order by version_at desc) as version_number
    from source
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as customer_id,
        {{ blank_to_null('email') }} as email,
        {{ blank_to_null('billing__phone') }} as phone,
        {{ blank_to_null('first_name') }} as first_name,
        {{ blank_to_null('last_name') }} as last_name,
        upper(
            coalesce(
                {{ blank_to_null('billing__country') }}, {{ blank_to_null('shipping__country') }}
            )
        ) as country_code,
        coalesce({{ blank_to_null('billing__state') }}, {{ blank_to_null('shipping__state') }})
            as region,
        coalesce({{ blank_to_null('billing__city') }}, {{ blank_to_null('shipping__city') }})
            as city,
        coalesce(
            {{ blank_to_null('billing__postcode') }}, {{ blank_to_null('shipping__postcode') }}
        ) as postal_code,
        -- WooCommerce itself asks nobody.
        cast(null as boolean) as accepts_email_marketing,
        false as is_deleted,
        {{ to_utc('date_created_gmt') }} as created_at,
        {{ to_utc('version_at') }} as updated_at,
        _loaded_at
    from versions
    where version_number = 1
)

select * from renamed
