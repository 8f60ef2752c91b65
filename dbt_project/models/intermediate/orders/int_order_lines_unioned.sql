{{ union_sources(
    'order_lines',
    keys={'order_line_key': ['line_id'], 'order_key': ['order_id'], 'product_key': ['product_id'], 'variant_key': ['variant_id'], 'store_key': []},
) }}
