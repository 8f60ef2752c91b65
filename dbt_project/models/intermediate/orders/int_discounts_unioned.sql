{{ union_sources(
    'discounts',
    keys={'discount_key': ['discount_id'], 'store_key': []},
) }}
