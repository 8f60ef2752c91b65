with source as (
    select * from {{ source('instagram', 'media_insights') }}
),

renamed as (
    select
        _account_id as account_id,
        media_id as post_id,
        views as impressions,
        reach,
        likes as like_count,
        comments as comment_count,
        shares as share_count,
        saved as save_count,
        observed_on as observed_date,
        _loaded_at
    from source
)

select * from renamed
