{{ union_sources(
    'profile_predictions',
    keys={'profile_prediction_key': ['profile_id', 'observed_at']},
    person_keys={
        'source_profile_key': ['profile_id'],
        'source_customer_key': ['customer_id'],
    },
) }}
