with source as (
    select * from {{ source('files', 'social_account_days') }}
),

renamed as (
    select
        _account_id as account_id,
        lower({{ blank_to_null('platform') }}) as platform,
        cast(impressions as bigint) as impressions,
        cast(reach as bigint) as reach,
        cast(profile_views as bigint) as profile_views,
        cast(follower_count as bigint) as follower_count,
        cast(new_follower_count as bigint) as new_follower_count,
        cast(metric_date as date) as metric_date,
        _loaded_at
    from source
)

select * from renamed
