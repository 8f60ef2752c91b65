{{ union_sources(
    'web_event_items',
    keys={'web_event_item_key': ['event_id', 'item_index'], 'web_event_key': ['event_id']},
) }}
