with source as (
    select * from {{ source('files', 'product_versions') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('product_id') }} as product_id,
        {{ blank_to_null('product_name') }} as product_name,
        {{ blank_to_null('brand') }} as brand,
        {{ blank_to_null('product_type') }} as product_type,
        {{ blank_to_null('category') }} as category,
        lower({{ blank_to_null('status') }}) as status,
        {{ to_utc('observed_at') }} as observed_at,
        _loaded_at
    from source
)

select * from renamed
