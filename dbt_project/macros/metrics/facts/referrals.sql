{% macro referrals_facts() -%}
    {{ return({
        'relation': 'fct_referrals',
        'date': 'click_date',
        'where': "click_date is not null",
        'dimensions': {
            'store': 'store_key',
        },
        'components': {
            'referred_visitors': [
                'count(distinct referred_visitor_key)', 'bigint',
                'Visitors who clicked a referral link.',
            ],
            'converted_referred_visitors': [
                'count(distinct case when is_converted then referred_visitor_key end)', 'bigint',
                'Those who bought within referral_days.',
            ],
        },
    }) }}
{%- endmacro %}
