with source as (
    select * from {{ source('yotpo', 'reviews') }}
),

renamed as (
    select
        _account_id as account_id,
        cast(id as varchar) as review_id,
        'review' as review_type,
        {{ blank_to_null('sku') }} as product_id,
        {{ blank_to_null('user_reference') }} as customer_id,
        lower({{ blank_to_null('email') }}) as email,
        score as rating,
        {{ blank_to_null('title') }} as title,
        {{ blank_to_null('content') }} as body,
        not coalesce(archived, false) and not coalesce(escalated, false) as is_published,
        coalesce(lower(reviewer_type) = 'verified_buyer', false) as is_verified_buyer,
        {{ to_utc('created_at') }} as created_at,
        _loaded_at
    from source
    where not coalesce(deleted, false)
)

select * from renamed
