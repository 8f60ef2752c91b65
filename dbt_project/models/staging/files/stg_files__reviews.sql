with source as (
    select * from {{ source('files', 'reviews') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('review_id') }} as review_id,
        lower({{ blank_to_null('review_type') }}) as review_type,
        {{ blank_to_null('product_id') }} as product_id,
        {{ blank_to_null('order_id') }} as order_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('email') }} as email,
        cast(rating as bigint) as rating,
        {{ blank_to_null('title') }} as title,
        {{ blank_to_null('body') }} as body,
        cast(is_published as boolean) as is_published,
        cast(is_verified_buyer as boolean) as is_verified_buyer,
        {{ to_utc('created_at') }} as created_at,
        _loaded_at
    from source
)

select * from renamed
