{{ union_sources(
    'product_variant_versions',
    keys={
        'variant_version_key': ['variant_id', 'observed_at'],
        'variant_key': ['variant_id'],
        'product_key': ['product_id'],
        'store_key': [],
    },
) }}
