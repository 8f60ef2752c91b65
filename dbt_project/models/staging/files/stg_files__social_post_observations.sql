with source as (
    select * from {{ source('files', 'social_post_observations') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('post_id') }} as post_id,
        cast(impressions as bigint) as impressions,
        cast(reach as bigint) as reach,
        cast(like_count as bigint) as like_count,
        cast(comment_count as bigint) as comment_count,
        cast(share_count as bigint) as share_count,
        cast(save_count as bigint) as save_count,
        cast(observed_date as date) as observed_date,
        _loaded_at
    from source
)

select * from renamed
