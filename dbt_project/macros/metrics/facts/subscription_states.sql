{% macro subscription_states_facts() -%}
    {{ return({
        'relation': 'fct_subscription_states_daily',
        'date': 'state_date',
        'dimensions': {
            'store': 'store_key',
        },
        'components': {
            'subscriptions_before': [
                'sum(base_count)', 'bigint', 'Subscriptions active retention_window_days before.',
            ],
            'subscriptions_kept': [
                'sum(kept_count)', 'bigint', 'Those of them that are active on the day.',
            ],
        },
    }) }}
{%- endmacro %}
