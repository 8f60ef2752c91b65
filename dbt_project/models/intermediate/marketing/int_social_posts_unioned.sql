{{ union_sources(
    'social_posts',
    keys={'social_post_key': ['post_id']},
) }}
