{{ union_sources(
    'loyalty_events',
    keys={'loyalty_event_key': ['event_id']},
    person_keys={
        'source_member_key': ['member_id'],
        'source_customer_key': ['customer_id'],
    },
) }}
