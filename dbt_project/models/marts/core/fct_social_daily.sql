{#
    What a day brought: of a post its totals less those of the observation before, so that days add up
    to the totals; of an account what the network tells of the day.
#}
{% set measures = [
    'impressions', 'reach', 'like_count', 'comment_count', 'share_count', 'save_count',
] %}

with posts as (
    select * from {{ ref('int_social_posts_unioned') }}
),

observations as (
    select * from {{ ref('int_social_post_observations_unioned') }}
),

account_days as (
    select * from {{ ref('int_social_account_days_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

grown as (
    select
        observations.*,
        {%- for measure in measures %}
            coalesce(observations.{{ measure }}, 0) - coalesce(
                lag(observations.{{ measure }}) over (
                    partition by observations.social_post_key order by observations.observed_date
                ),
                0
            ) as new_{{ measure }},
        {%- endfor %}
        row_number() over (
            partition by observations.social_post_key order by observations.observed_date desc
        ) as number_from_last
    from observations
),

post_days as (
    select
        grown.social_post_observation_key as social_daily_key,
        'post' as level,
        grown.social_post_key,
        grown.source_name,
        grown.account_id,
        posts.platform,
        posts.media_type,
        {%- for measure in measures %}
            grown.new_{{ measure }} as {{ measure }},
        {%- endfor %}
        cast(null as bigint) as profile_views,
        cast(null as bigint) as follower_count,
        cast(null as bigint) as new_follower_count,
        grown.number_from_last = 1 as is_newest,
        grown.observed_date as metric_date,
        posts.published_at
    from grown
    left join posts on grown.social_post_key = posts.social_post_key
),

unioned as (
    select * from post_days
    union all
    select
        social_account_day_key as social_daily_key,
        'account' as level,
        cast(null as varchar) as social_post_key,
        source_name,
        account_id,
        platform,
        cast(null as varchar) as media_type,
        impressions,
        reach,
        cast(null as bigint) as like_count,
        cast(null as bigint) as comment_count,
        cast(null as bigint) as share_count,
        cast(null as bigint) as save_count,
        profile_views,
        follower_count,
        new_follower_count,
        false as is_newest,
        metric_date,
        cast(null as timestamp) as published_at
    from account_days
),

final as (
    select
        unioned.social_daily_key,
        unioned.social_post_key,
        coalesce(accounts.store_key, 'unassigned') as store_key,
        unioned.source_name,
        unioned.account_id,
        unioned.level,
        unioned.platform,
        unioned.media_type,
        {%- for measure in measures %}
            unioned.{{ measure }},
        {%- endfor %}
        unioned.profile_views,
        unioned.follower_count,
        unioned.new_follower_count,
        unioned.is_newest,
        {{ local_date('unioned.published_at', "coalesce(accounts.timezone, 'UTC')") }}
            as published_date,
        unioned.metric_date
    from unioned
    left join accounts
        on
            unioned.source_name = accounts.source_name
            and unioned.account_id = accounts.account_id
)

select * from final
