{{ union_sources(
    'support_messages',
    keys={'support_message_key': ['message_id'], 'ticket_key': ['ticket_id']},
) }}
