{% macro scored_values_facts() -%}
    {{ return({
        'relation': 'fct_predicted_values_daily',
        'date': 'state_date',
        'dimensions': {
            'store': 'store_key',
            'country': 'country_code',
            'channel': 'channel_key',
        },
        'components': {
            'predicted_value': [
                'sum(predicted_value_amount)', 'numeric(18, 4)',
                'Probabilistic CLV of customers, of the newest scoring.',
            ],
            'customers_with_prediction': [
                'sum(customer_count)', 'bigint', 'Customers with a probabilistic CLV.',
            ],
        },
    }) }}
{%- endmacro %}
