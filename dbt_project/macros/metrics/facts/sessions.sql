{% macro sessions_facts() -%}
    {{ return({
        'relation': 'fct_sessions',
        'date': 'session_date',
        'dimensions': {
            'store': 'store_key',
            'country': "coalesce(country_code, 'unknown')",
            'device': "coalesce(device_category, 'unknown')",
            'channel': 'channel_key',
            'campaign': "coalesce(campaign_key, 'none')",
            'visitor_type': "case when is_new_visitor then 'new' else 'returning' end",
        },
        'components': {
            'sessions': ['count(*)', 'bigint', 'Sessions.'],
            'sessions_with_order': [
                'count(case when has_purchase then 1 end)', 'bigint', 'Sessions with an order.',
            ],
            'sessions_not_engaged': [
                'count(case when not is_engaged then 1 end)', 'bigint',
                'Sessions that were not engaged.',
            ],
            'visitors': ['count(distinct visitor_key)', 'bigint', 'Visitors with a session.'],
            'new_visitors': [
                'count(distinct case when is_new_visitor then visitor_key end)', 'bigint',
                'Visitors with their first session.',
            ],
        },
    }) }}
{%- endmacro %}
