{% macro predicted_values_facts() -%}
    {{ return({
        'relation': 'fct_customer_acquisitions',
        'date': 'first_purchase_date',
        'dimensions': {
            'store': 'store_key',
            'ad_platform': "coalesce(ad_platform, 'none')",
            'channel': 'channel_key',
            'campaign': "coalesce(campaign_key, 'none')",
        },
        'components': {
            'predicted_clv': [
                'sum(predicted_clv_amount)', 'numeric(18, 4)',
                'Net revenue expected of customers acquired on the day.',
            ],
            'customers_without_clv': [
                'count(case when predicted_clv_amount is null then 1 end)', 'bigint',
                'Customers acquired on the day of whom nothing is predicted.',
            ],
        },
    }) }}
{%- endmacro %}
