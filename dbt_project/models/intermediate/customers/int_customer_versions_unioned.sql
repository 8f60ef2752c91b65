{{ union_sources(
    'customer_versions',
    keys={'customer_version_key': ['customer_id', 'observed_at']},
    person_keys={'source_customer_key': ['customer_id']},
) }}
