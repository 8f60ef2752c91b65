{% macro customer_values_facts() -%}
    {{ return({
        'relation': 'fct_customer_acquisitions',
        'date': 'first_purchase_date',
        'dimensions': {
            'store': 'store_key',
            'country': "coalesce(country_code, 'unknown')",
            'channel': 'channel_key',
        },
        'components': {
            'net_of_30_days': [
                'sum(net_30d_amount)', 'numeric(18, 4)',
                'Net within 30 days of the first purchase, where they have passed.',
            ],
            'customers_of_30_days': [
                'count(net_30d_amount)', 'bigint',
                'Customers whose first purchase is 30 days ago.',
            ],
            'net_of_90_days': [
                'sum(net_90d_amount)', 'numeric(18, 4)',
                'Net within 90 days of the first purchase, where they have passed.',
            ],
            'customers_of_90_days': [
                'count(net_90d_amount)', 'bigint',
                'Customers whose first purchase is 90 days ago.',
            ],
            'net_of_365_days': [
                'sum(net_365d_amount)', 'numeric(18, 4)',
                'Net within 365 days of the first purchase, where they have passed.',
            ],
            'customers_of_365_days': [
                'count(net_365d_amount)', 'bigint',
                'Customers whose first purchase is 365 days ago.',
            ],
        },
    }) }}
{%- endmacro %}
