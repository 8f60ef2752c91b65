{{ union_sources(
    'product_versions',
    keys={
        'product_version_key': ['product_id', 'observed_at'],
        'product_key': ['product_id'],
        'store_key': [],
    },
) }}
