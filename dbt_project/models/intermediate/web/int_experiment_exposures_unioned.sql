{{ union_sources(
    'experiment_exposures',
    keys={'exposure_key': ['exposure_id']},
    person_keys={'visitor_key': ['visitor_id'], 'source_customer_key': ['customer_id']},
) }}
