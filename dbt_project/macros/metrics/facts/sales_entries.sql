{% macro sales_entries_facts() -%}
    {{ return({
        'relation': 'fct_sales_entries',
        'date': 'movement_date',
        'dimensions': {
            'store': 'store_key',
            'country': 'country_code',
            'channel': 'channel_key',
            'campaign': 'campaign_key',
            'customer_type': 'customer_type',
            'rfm_segment': 'rfm_segment',
            'archetype': 'archetype_id',
            'product_category': 'category',
            'product': 'product_key',
        },
        'components': {
            'gross_sales': ['sum(gross_amount)', 'numeric(18, 4)', 'Price times quantity of goods.'],
            'discounts': ['sum(discount_amount)', 'numeric(18, 4)', 'Discounts on goods.'],
            'returns': ['sum(return_amount)', 'numeric(18, 4)', 'Goods given back.'],
            'net_sales': ['sum(net_amount)', 'numeric(18, 4)', 'Gross less discounts and returns.'],
            'total_sales': [
                'sum(total_sales_amount)', 'numeric(18, 4)',
                'Net sales, shipping, duties, fees and tax.',
            ],
            'known_gross_margin': [
                'sum(coalesce(gross_margin_amount, 0))', 'numeric(18, 4)',
                'Net sales less cost of goods, of movements whose cost is known.',
            ],
            'costed_net_sales': [
                'sum(costed_net_amount)', 'numeric(18, 4)', 'Net sales whose cost is known.',
            ],
            'movements_of_unknown_cost': [
                'count(case when gross_margin_amount is null then 1 end)', 'bigint',
                'Movements whose cost is not known.',
            ],
        },
    }) }}
{%- endmacro %}
