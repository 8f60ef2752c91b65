{{ union_sources(
    'reviews',
    keys={'review_key': ['review_id'], 'product_key': ['product_id']},
    person_keys={'source_customer_key': ['customer_id']},
) }}
