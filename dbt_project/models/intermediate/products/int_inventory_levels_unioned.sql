{{ union_sources(
    'inventory_levels',
    keys={
        'inventory_level_key': ['inventory_id', 'location_id', 'observed_at'],
        'variant_key': ['variant_id'],
        'store_key': [],
    },
) }}
