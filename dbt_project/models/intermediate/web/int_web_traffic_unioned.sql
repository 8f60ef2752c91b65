{{ union_sources(
    'web_traffic',
    keys={
        'web_traffic_key': [
            'traffic_date', 'traffic_source', 'traffic_medium', 'traffic_campaign',
            'traffic_campaign_id',
        ],
    },
) }}
