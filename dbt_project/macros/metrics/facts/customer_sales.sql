{% macro customer_sales_facts() -%}
    {{ return({
        'relation': 'fct_customer_sales_daily',
        'date': 'sales_date',
        'dimensions': {'store': 'store_key'},
        'components': {
            'vip_net_sales': [
                'sum(case when is_vip then net_amount else 0 end)', 'numeric(18, 4)',
                'Net sales of persons who were VIPs on the day.',
            ],
        },
    }) }}
{%- endmacro %}
