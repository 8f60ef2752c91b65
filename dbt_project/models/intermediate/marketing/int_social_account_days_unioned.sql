{{ union_sources(
    'social_account_days',
    keys={'social_account_day_key': ['metric_date']},
) }}
