{% macro acquisitions_facts() -%}
    {{ return({
        'relation': 'fct_customer_acquisitions',
        'date': 'first_purchase_date',
        'dimensions': {
            'store': 'store_key',
            'country': "coalesce(country_code, 'unknown')",
            'channel': 'channel_key',
            'campaign': "coalesce(campaign_key, 'none')",
            'ad_platform': "coalesce(ad_platform, 'none')",
        },
        'components': {
            'acquired_net_sales': [
                'sum(net_amount)', 'numeric(18, 4)', 'Net sales to date of customers by their first purchase.',
            ],
            'acquired_margin': [
                'sum(coalesce(contribution_margin_amount, 0))', 'numeric(18, 4)',
                'Contribution margin of these customers to date, as far as it is known.',
            ],
            'acquired_customers_of_unknown_margin': [
                'count(case when contribution_margin_amount is null then 1 end)', 'bigint',
                'Of these customers, those with an order of unknown cost.',
            ],
        },
    }) }}
{%- endmacro %}
