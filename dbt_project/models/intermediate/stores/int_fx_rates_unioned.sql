{{ union_sources(
    'fx_rates',
) }}
