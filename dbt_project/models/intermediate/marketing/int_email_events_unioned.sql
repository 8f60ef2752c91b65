{{ union_sources(
    'email_events',
    keys={'email_event_key': ['event_id']},
    person_keys={'email_message_key': ['message_id'], 'source_customer_key': ['customer_id']},
) }}
