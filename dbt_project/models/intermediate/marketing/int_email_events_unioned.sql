{{ union_sources(
    'email_events',
    keys={'email_event_key': ['event_id']},
    person_keys={'source_customer_key': ['customer_id']},
) }}
