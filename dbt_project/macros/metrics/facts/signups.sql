{% macro signups_facts() -%}
    {{ return({
        'relation': 'fct_email_signups',
        'date': 'signup_date',
        'dimensions': {
            'store': 'store_key',
            'country': "coalesce(country_code, 'unknown')",
            'device': "coalesce(device_category, 'unknown')",
            'channel': "coalesce(channel_key, 'unattributed')",
            'campaign': "coalesce(campaign_key, 'none')",
            'ad_platform': "coalesce(ad_platform, 'none')",
        },
        'components': {
            'email_signups': ['count(*)', 'bigint', 'Sign-ups for e-mail.'],
        },
    }) }}
{%- endmacro %}
