{% macro ads_facts() -%}
    {{ return({
        'relation': 'fct_ad_performance_daily',
        'date': 'ad_date',
        'dimensions': {
            'store': 'store_key',
            'ad_platform': 'ad_platform',
            'channel': 'channel_key',
            'campaign': "coalesce(campaign_key, 'none')",
        },
        'components': {
            'ad_spend': ['sum(spend_amount)', 'numeric(18, 4)', 'What ads cost, as reported.'],
            'ad_clicks': ['sum(clicks)', 'bigint', 'Clicks on ads.'],
            'impressions': ['sum(impressions)', 'bigint', 'Times that ads were shown.'],
            'platform_conversions': [
                'sum(platform_conversions)', 'double precision', 'Conversions that platforms claim.',
            ],
            'platform_value': [
                'sum(platform_value_amount)', 'numeric(18, 4)',
                'Value of conversions that platforms claim.',
            ],
        },
    }) }}
{%- endmacro %}
