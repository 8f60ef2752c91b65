{{ union_sources(
    'email_campaigns',
    keys={'email_campaign_key': ['campaign_id']},
) }}
