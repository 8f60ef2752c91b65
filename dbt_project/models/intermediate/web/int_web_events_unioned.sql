{{ union_sources(
    'web_events',
    keys={'web_event_key': ['event_id']},
    person_keys={'visitor_key': ['visitor_id'], 'source_customer_key': ['customer_id']},
) }}
