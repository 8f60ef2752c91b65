{{ union_sources(
    'refund_lines',
    keys={'refund_line_key': ['refund_line_id'], 'order_key': ['order_id'], 'order_line_key': ['line_id'], 'product_key': ['product_id'], 'store_key': []},
    person_keys={'source_customer_key': ['customer_id']},
) }}
