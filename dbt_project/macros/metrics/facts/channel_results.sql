{% macro channel_results_facts() -%}
    {{ return({
        'relation': 'fct_channel_results_daily',
        'date': 'result_date',
        'dimensions': {
            'store': 'store_key',
            'channel': 'channel_key',
            'ad_platform': "coalesce(ad_platform, 'none')",
            'campaign': "coalesce(campaign_key, 'none')",
            'cohort': "coalesce(cast(cohort_month as varchar), 'unknown')",
        },
        'components': {
            'attributed_revenue': [
                'sum(case when is_paid_channel then attributed_net_amount else 0 end)',
                'numeric(18, 4)',
                'Net sales to date of the day\'s purchases that paid channels brought.',
            ],
            'channel_net_sales': [
                'sum(net_amount)', 'numeric(18, 4)', 'Net sales, where their order is attributed.',
            ],
            'margin_after_ads': [
                'sum(contribution_margin_amount - spend_amount)', 'numeric(18, 4)',
                'Contribution margin of the day\'s orders, as far as it is known, less ad spend.',
            ],
            'orders_of_unknown_margin': [
                'sum(unknown_margin_order_count)', 'bigint', 'Orders with an unknown cost.',
            ],
        },
    }) }}
{%- endmacro %}
