with submissions as (
    select * from {{ ref('int_reviews_unioned') }}
    where review_type in ('photo', 'video', 'question')
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
),

attached as (
    {{ attached('submissions', at='created_at', day='submission_date') }}
),

final as (
    select
        review_key as ugc_submission_key,
        store_key,
        customer_key,
        {{ store_entity_key('product_id') }} as product_key,
        source_name,
        account_id,
        review_type as submission_type,
        coalesce(is_published, true) as is_published,
        submission_date,
        created_at
    from attached
)

select * from final
