with source as (
    select * from {{ source('woocommerce', 'products') }}
),

versions as (
    select
        *,
        row_number() over (partition by _account_id, id order by date_modified_gmt desc)
            as version_number
    from source
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as product_id,
        {{ blank_to_null('name') }} as product_name,
        {{ blank_to_null('brand') }} as brand,
        lower({{ blank_to_null('type') }}) as product_type,
        {{ blank_to_null('category') }} as category,
        {{ blank_to_null('slug') }} as handle,
        lower({{ blank_to_null('status') }}) as status,
        false as is_gift_card,
        coalesce(lower(status) = 'trash', false) as is_deleted,
        {{ to_utc('date_created_gmt') }} as created_at,
        {{ to_utc('date_modified_gmt') }} as updated_at,
        _loaded_at
    from versions
    where version_number = 1
)

select * from renamed
