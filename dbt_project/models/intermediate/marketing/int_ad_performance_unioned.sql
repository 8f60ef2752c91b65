{{ union_sources(
    'ad_performance',
    keys={'ad_performance_key': ['campaign_id', 'ad_group_id', 'ad_id', 'ad_date']},
) }}
