{{ union_sources(
    'product_categories',
    keys={
        'product_category_key': ['product_id', 'category_id'],
        'product_key': ['product_id'],
        'store_key': [],
    },
) }}
