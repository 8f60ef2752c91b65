{{ union_sources(
    'orders',
    keys={'order_key': ['order_id'], 'store_key': []},
    person_keys={'source_customer_key': ['customer_id']},
) }}
