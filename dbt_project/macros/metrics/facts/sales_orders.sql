{% macro sales_orders_facts() -%}
    {{ return({
        'relation': 'fct_sales_orders',
        'date': 'order_date',
        'dimensions': {
            'store': 'store_key',
            'country': 'country_code',
            'channel': 'channel_key',
            'ad_platform': 'ad_platform',
            'campaign': 'campaign_key',
            'customer_type': 'customer_type',
            'rfm_segment': 'rfm_segment',
            'archetype': 'archetype_id',
        },
        'components': {
            'orders': ['count(*)', 'bigint', 'Orders that count in sales.'],
            'placed_net_of_orders': [
                'sum(placed_net_amount)', 'numeric(18, 4)',
                'Gross less discounts of orders at placement.',
            ],
            'units_of_orders': [
                'sum(unit_count)', 'numeric(18, 3)', 'Units of goods of orders at placement.',
            ],
            'recovered_revenue': [
                'sum(recovered_net_amount)', 'numeric(18, 4)',
                'Order-dated net of orders whose checkout had been abandoned.',
            ],
            'new_customers': [
                'count(case when is_first_purchase then 1 end)', 'bigint',
                'Customers with their first purchase.',
            ],
            'paid_new_customers': [
                'count(case when is_first_purchase and is_paid_channel then 1 end)', 'bigint',
                'Of these, customers whose first purchase is attributed to a paid channel.',
            ],
            'purchasing_customers': [
                'count(distinct case when counts_as_purchase then customer_key end)', 'bigint',
                'Customers with a purchase.',
            ],
            'returning_customers': [
                'count(distinct case when counts_as_purchase then customer_key end)'
                ' - count(distinct case when is_first_purchase then customer_key end)', 'bigint',
                'Customers with a purchase, without those with their first.',
            ],
        },
    }) }}
{%- endmacro %}
