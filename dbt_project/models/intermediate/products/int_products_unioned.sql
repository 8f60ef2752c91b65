{{ union_sources(
    'products',
    keys={'product_key': ['product_id'], 'store_key': []},
) }}
