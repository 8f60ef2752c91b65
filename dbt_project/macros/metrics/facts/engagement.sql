{#
    What is a double is rounded, by way of ten digits, so that it adds up alike on every engine.
#}
{% macro engagement_facts() -%}
    {{ return({
        'relation': 'fct_customer_engagement_weekly',
        'date': 'state_date',
        'dimensions': {
            'store': 'store_key',
            'country': "coalesce(country_code, 'unknown')",
            'channel': "coalesce(channel_key, 'none')",
        },
        'components': {
            'engagement_scores': [
                'sum(cast(cast(engagement_score as numeric(28, 10)) as numeric(18, 8)))',
                'numeric(28, 8)',
                'Scores of engagement, summed.',
            ],
            'contactable_customers': [
                'count(engagement_score)', 'bigint', 'Persons who may be sent e-mail.',
            ],
            'email_slopes': [
                'sum(cast(cast(email_slope as numeric(28, 10)) as numeric(18, 8)))',
                'numeric(28, 8)',
                'Slopes of the answer to e-mail, summed.',
            ],
            'sloped_recipients': [
                'count(email_slope)', 'bigint', 'Recipients with e-mail in enough weeks.',
            ],
        },
    }) }}
{%- endmacro %}
