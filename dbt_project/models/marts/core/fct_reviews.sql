with reviews as (
    select * from {{ ref('int_reviews_unioned') }}
    where coalesce(review_type, 'review') = 'review'
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
),

attached as (
    {{ attached('reviews', at='created_at', day='review_date') }}
),

final as (
    select
        review_key,
        store_key,
        customer_key,
        {{ store_entity_key('product_id') }} as product_key,
        {{ store_entity_key('order_id') }} as order_key,
        source_name,
        account_id,
        rating,
        coalesce(is_published, true) as is_published,
        coalesce(is_verified_buyer, false) as is_verified_buyer,
        review_date,
        created_at
    from attached
)

select * from final
