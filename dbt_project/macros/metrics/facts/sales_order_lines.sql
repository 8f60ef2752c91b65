{% macro sales_order_lines_facts() -%}
    {{ return({
        'relation': 'fct_sales_order_lines',
        'date': 'order_date',
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
            'known_contribution_margin': [
                'sum(coalesce(contribution_margin_amount, 0))', 'numeric(18, 4)',
                'Contribution margin of lines whose costs are known.',
            ],
            'net_of_order_lines': [
                'sum(net_amount)', 'numeric(18, 4)', 'Order-dated net sales of lines.',
            ],
            'fully_costed_net_of_order_lines': [
                'sum(fully_costed_net_amount)', 'numeric(18, 4)',
                'Order-dated net sales of lines whose costs are known.',
            ],
            'lines_of_unknown_cost': [
                'count(case when contribution_margin_amount is null then 1 end)', 'bigint',
                'Lines of which a cost is not known.',
            ],
        },
    }) }}
{%- endmacro %}
