{{ union_sources(
    'fulfillments',
    keys={
        'fulfillment_key': ['fulfillment_id'],
        'order_key': ['order_id'],
        'store_key': [],
    },
) }}
