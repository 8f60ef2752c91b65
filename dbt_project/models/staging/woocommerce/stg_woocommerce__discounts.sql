with source as (
    select * from {{ source('woocommerce', 'coupons') }}
),

stores as (
    select * from {{ source('woocommerce', 'stores') }}
),

renamed as (
    select
        source._account_id as account_id,
        {{ blank_to_null('source.id') }} as discount_id,
        {{ blank_to_null('source.code') }} as code,
        {{ blank_to_null('source.description') }} as title,
        case
            when source.amount = 0 and source.free_shipping then 'free_shipping'
            when source.discount_type = 'percent' then 'percentage'
            else 'fixed_amount'
        end as discount_type,
        upper({{ blank_to_null('stores.currency') }}) as currency_code,
        cast(
            case when source.discount_type = 'percent' then source.amount end as numeric(18, 8)
        ) as discount_percent,
        cast(
            case when source.discount_type != 'percent' then source.amount end as numeric(18, 4)
        ) as discount_amount,
        cast(source.usage_count as bigint) as usage_count,
        false as is_automatic,
        cast(null as timestamp) as starts_at,
        {{ to_utc('source.date_expires_gmt') }} as ends_at,
        {{ to_utc('source.date_created_gmt') }} as created_at,
        {{ to_utc('source.date_modified_gmt') }} as updated_at,
        source._loaded_at
    from source
    left join stores on source._account_id = stores._account_id
)

select * from renamed
