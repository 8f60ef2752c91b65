{% macro customer_states_facts() -%}
    {{ return({
        'relation': 'fct_customer_states_daily',
        'date': 'state_date',
        'dimensions': {
            'store': 'store_key',
            'country': "coalesce(country_code, 'unknown')",
            'channel': 'channel_key',
        },
        'components': {
            'customers_to_date': ['sum(customer_count)', 'bigint', 'Customers to date.'],
            'repeat_customers': [
                'sum(repeat_customer_count)', 'bigint', 'Customers with two purchase days or more.',
            ],
            'active_customers': [
                'sum(active_customer_count)', 'bigint',
                'Customers who bought within active_window_days.',
            ],
            'churn_base': [
                'sum(churn_base_count)', 'bigint',
                'Customers who bought in the churn window before the last one.',
            ],
            'churned_customers': [
                'sum(churned_customer_count)', 'bigint',
                'Of the churn base, who has not bought since.',
            ],
            'enrolled_customers': [
                'sum(enrolled_customer_count)', 'bigint', 'Customers in a loyalty programme.',
            ],
            'ugc_customers': [
                'sum(ugc_customer_count)', 'bigint',
                'Customers who sent in a photo, a video or a question.',
            ],
            'net_sales_to_date': [
                'sum(net_amount)', 'numeric(18, 4)', 'Net sales to date, by the day of the order.',
            ],
        },
    }) }}
{%- endmacro %}
