{{ union_sources(
    'subscription_events',
    keys={
        'subscription_event_key': ['event_id'],
        'subscription_key': ['subscription_id'],
    },
) }}
