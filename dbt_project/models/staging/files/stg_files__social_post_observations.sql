with source as (
    select * from {{ source('files', 'social_post_observations') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('post_id') }} as post_id,
        cast(impressions as bigint) as impressions,
        cast(reach as bigint) as reach,
        cast(likes as bigint) as likes,
        cast(comments as bigint) as comments,
        cast(shares as bigint) as shares,
        cast(saves as bigint) as saves,
        cast(observed_date as date) as observed_date,
        _loaded_at
    from source
)

select * from renamed
