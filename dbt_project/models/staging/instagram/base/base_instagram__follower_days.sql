with source as (
    select * from {{ source('instagram', 'follower_days') }}
),

renamed as (
    select
        _account_id as account_id,
        new_followers as new_follower_count,
        metric_date
    from source
)

select * from renamed
