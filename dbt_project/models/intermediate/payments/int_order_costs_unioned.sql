{{ union_sources(
    'order_costs',
    keys={'order_cost_key': ['order_cost_id']},
) }}
