{{ union_sources(
    'customers',
    person_keys={'source_customer_key': ['customer_id']},
) }}
