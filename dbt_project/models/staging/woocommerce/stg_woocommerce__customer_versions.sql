with source as (
    select * from {{ source('woocommerce', 'customers') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as customer_id,
        upper(
            coalesce(
                {{ blank_to_null('billing__country') }}, {{ blank_to_null('shipping__country') }}
            )
        ) as country_code,
        coalesce({{ blank_to_null('billing__state') }}, {{ blank_to_null('shipping__state') }})
            as region,
        cast(null as boolean) as accepts_email_marketing,
        {{ to_utc('version_at') }} as observed_at,
        _loaded_at
    from source
)

select * from renamed
