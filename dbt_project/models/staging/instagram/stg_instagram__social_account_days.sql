with account_days as (
    select * from {{ ref('base_instagram__account_days') }}
),

follower_days as (
    select * from {{ ref('base_instagram__follower_days') }}
),

accounts as (
    select * from {{ ref('base_instagram__accounts') }}
),

-- Followers are only told as of now: what a day ends with is what the next one finds.
day_ends as (
    select
        account_id,
        follower_count,
        cast({{ dbt.dateadd('day', -1, 'observed_date') }} as date) as metric_date
    from accounts
),

final as (
    select
        account_days.account_id,
        'instagram' as platform,
        account_days.impressions,
        account_days.reach,
        cast(null as bigint) as profile_views,
        day_ends.follower_count,
        follower_days.new_follower_count,
        account_days.metric_date,
        account_days._loaded_at
    from account_days
    left join follower_days
        on
            account_days.account_id = follower_days.account_id
            and account_days.metric_date = follower_days.metric_date
    left join day_ends
        on
            account_days.account_id = day_ends.account_id
            and account_days.metric_date = day_ends.metric_date
)

select * from final
