{{ union_sources(
    'referrals',
    keys={'referral_key': ['referral_id']},
    person_keys={
        'visitor_key': ['visitor_id'],
        'advocate_customer_key': ['advocate_customer_id'],
        'referred_customer_key': ['referred_customer_id'],
    },
) }}
