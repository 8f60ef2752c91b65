with source as (
    select * from {{ source('woocommerce', 'products') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as product_id,
        {{ blank_to_null('name') }} as product_name,
        {{ blank_to_null('brand') }} as brand,
        lower({{ blank_to_null('type') }}) as product_type,
        {{ blank_to_null('category') }} as category,
        lower({{ blank_to_null('status') }}) as status,
        {{ to_utc('date_modified_gmt') }} as observed_at,
        _loaded_at
    from source
)

select * from renamed
