{{ union_sources(
    'subscriptions',
    keys={'subscription_key': ['subscription_id'], 'product_key': ['product_id']},
    person_keys={'source_customer_key': ['customer_id']},
) }}
