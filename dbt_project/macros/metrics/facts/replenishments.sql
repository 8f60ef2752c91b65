{% macro replenishments_facts() -%}
    {{ return({
        'relation': 'fct_replenishment_predictions',
        'date': 'next_purchase_date',
        'where': "next_purchase_date is not null",
        'dimensions': {
            'store': 'store_key',
        },
        'components': {
            'predicted_reorders': ['count(*)', 'bigint', 'Repeat purchases that were predicted.'],
            'timely_reorders': [
                'count(case when is_accurate then 1 end)', 'bigint',
                'Those that came about the predicted day.',
            ],
        },
    }) }}
{%- endmacro %}
