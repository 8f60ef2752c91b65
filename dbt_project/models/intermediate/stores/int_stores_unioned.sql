{{ union_sources(
    'stores',
    keys={'store_key': []},
) }}
