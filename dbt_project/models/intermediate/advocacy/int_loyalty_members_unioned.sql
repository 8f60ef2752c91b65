{{ union_sources(
    'loyalty_members',
    keys={'loyalty_member_key': ['member_id', 'observed_at']},
    person_keys={
        'source_member_key': ['member_id'],
        'source_customer_key': ['customer_id'],
    },
) }}
