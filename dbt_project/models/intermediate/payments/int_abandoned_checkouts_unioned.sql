{{ union_sources(
    'abandoned_checkouts',
    keys={'checkout_key': ['checkout_id'], 'store_key': []},
    person_keys={'source_customer_key': ['customer_id']},
) }}
