{{ union_sources(
    'product_variants',
    keys={'variant_key': ['variant_id'], 'product_key': ['product_id'], 'store_key': []},
) }}
