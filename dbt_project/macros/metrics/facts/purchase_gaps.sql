{% macro purchase_gaps_facts() -%}
    {{ return({
        'relation': 'fct_purchase_gaps',
        'date': 'purchase_date',
        'dimensions': {
            'store': 'store_key',
            'country': "coalesce(country_code, 'unknown')",
            'channel': 'channel_key',
        },
        'components': {
            'purchase_gap_days': ['sum(gap_days)', 'bigint', 'Days between purchases, summed.'],
            'purchase_gaps': ['count(*)', 'bigint', 'Purchases that followed an earlier one.'],
        },
    }) }}
{%- endmacro %}
