{{ union_sources(
    'sales_agreements',
    keys={'agreement_key': ['agreement_id'], 'order_key': ['order_id'], 'order_line_key': ['line_id'], 'store_key': []},
) }}
