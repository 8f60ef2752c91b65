{{ union_sources(
    'social_post_observations',
    keys={
        'social_post_observation_key': ['post_id', 'observed_date'],
        'social_post_key': ['post_id'],
    },
) }}
