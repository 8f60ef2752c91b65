{% macro order_dated_sales_facts() -%}
    {{ return({
        'relation': 'fct_sales_entries',
        'date': 'order_date',
        'where': 'order_date is not null',
        'dimensions': {
            'store': 'store_key',
            'country': 'country_code',
            'channel': 'channel_key',
            'campaign': 'campaign_key',
            'customer_type': 'customer_type',
            'rfm_segment': 'order_rfm_segment',
            'archetype': 'order_archetype_id',
            'product_category': 'category',
            'product': 'product_key',
        },
        'components': {
            'returns_of_orders': [
                'sum(return_amount)', 'numeric(18, 4)',
                'What was given back of orders of the day, whenever.',
            ],
            'placed_net_of_lines': [
                'sum(placed_net_amount)', 'numeric(18, 4)',
                'Gross less discounts of lines at placement.',
            ],
        },
    }) }}
{%- endmacro %}
