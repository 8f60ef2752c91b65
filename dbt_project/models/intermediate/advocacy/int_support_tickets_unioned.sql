{{ union_sources(
    'support_tickets',
    keys={'ticket_key': ['ticket_id']},
    person_keys={'source_customer_key': ['customer_id']},
) }}
