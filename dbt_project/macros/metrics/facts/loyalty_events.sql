{% macro loyalty_events_facts() -%}
    {{ return({
        'relation': 'fct_loyalty_events',
        'date': 'event_date',
        'dimensions': {
            'store': 'store_key',
        },
        'components': {
            'points_redeemed': [
                "sum(case when event_type = 'redeemed' then -points else 0 end)", 'numeric(28, 3)',
                'Points used.',
            ],
            'points_issued': [
                "sum(case when event_type = 'earned' then points else 0 end)", 'numeric(28, 3)',
                'Points given.',
            ],
        },
    }) }}
{%- endmacro %}
