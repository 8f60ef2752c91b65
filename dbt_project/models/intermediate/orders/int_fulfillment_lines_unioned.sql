{{ union_sources(
    'fulfillment_lines',
    keys={
        'fulfillment_line_key': ['fulfillment_id', 'line_id'],
        'fulfillment_key': ['fulfillment_id'],
        'order_key': ['order_id'],
        'order_line_key': ['line_id'],
        'store_key': [],
    },
) }}
