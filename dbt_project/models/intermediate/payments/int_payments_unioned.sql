{{ union_sources(
    'payments',
    keys={'payment_key': ['payment_id'], 'order_key': ['order_id'], 'store_key': []},
) }}
