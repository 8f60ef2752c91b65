with reviews as (
    select * from {{ ref('base_yotpo__reviews') }}
),

media as (
    select * from {{ ref('base_yotpo__review_media') }}
),

questions as (
    select * from {{ ref('base_yotpo__questions') }}
),

-- Photos and videos are their review's in everything but their kind.
review_media as (
    select
        reviews.account_id,
        media.media_id as review_id,
        media.media_type as review_type,
        reviews.product_id,
        reviews.customer_id,
        reviews.email,
        cast(null as bigint) as rating,
        cast(null as varchar) as title,
        cast(null as varchar) as body,
        reviews.is_published,
        reviews.is_verified_buyer,
        reviews.created_at,
        media._loaded_at
    from media
    inner join reviews
        on media.account_id = reviews.account_id and media.review_id = reviews.review_id
),

product_questions as (
    select
        account_id,
        'question-' || question_id as review_id,
        'question' as review_type,
        product_id,
        cast(null as varchar) as customer_id,
        cast(null as varchar) as email,
        cast(null as bigint) as rating,
        cast(null as varchar) as title,
        body,
        is_answered as is_published,
        cast(null as boolean) as is_verified_buyer,
        created_at,
        _loaded_at
    from questions
),

submissions as (
    select * from reviews
    union all
    select * from review_media
    union all
    select * from product_questions
),

final as (
    select
        account_id,
        review_id,
        review_type,
        product_id,
        cast(null as varchar) as order_id,
        customer_id,
        email,
        rating,
        title,
        body,
        is_published,
        is_verified_buyer,
        created_at,
        _loaded_at
    from submissions
)

select * from final
