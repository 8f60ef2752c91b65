with source as (
    select * from {{ source('instagram', 'accounts') }}
),

renamed as (
    select
        _account_id as account_id,
        followers_count as follower_count,
        observed_on as observed_date
    from source
)

select * from renamed
