{#
    A post's totals, as last observed. Engagements are known where one of their kinds is; a network
    that has no shares or saves adds none.
#}
with posts as (
    select * from {{ ref('int_social_posts_unioned') }}
    where published_at is not null
),

observations as (
    select * from {{ ref('int_social_post_observations_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

ranked as (
    select
        *,
        row_number() over (partition by social_post_key order by observed_date desc)
            as number_from_last
    from observations
),

final as (
    select
        posts.social_post_key,
        coalesce(accounts.store_key, 'unassigned') as store_key,
        posts.source_name,
        posts.account_id,
        posts.platform,
        posts.media_type,
        ranked.reach,
        ranked.impressions,
        case
            when
                ranked.like_count is not null
                or ranked.comment_count is not null
                or ranked.share_count is not null
                or ranked.save_count is not null
                then
                    coalesce(ranked.like_count, 0)
                    + coalesce(ranked.comment_count, 0)
                    + coalesce(ranked.share_count, 0)
                    + coalesce(ranked.save_count, 0)
        end as engagement_count,
        {{ local_date('posts.published_at', "coalesce(accounts.timezone, 'UTC')") }}
            as published_date,
        ranked.observed_date
    from posts
    inner join ranked
        on
            posts.social_post_key = ranked.social_post_key
            and ranked.number_from_last = 1
    left join accounts
        on
            posts.source_name = accounts.source_name
            and posts.account_id = accounts.account_id
)

select * from final
