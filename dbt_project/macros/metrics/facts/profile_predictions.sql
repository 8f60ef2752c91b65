{% macro profile_predictions_facts() -%}
    {{ return({
        'relation': 'fct_profile_predictions_daily',
        'date': 'observed_date',
        'dimensions': {
            'store': 'store_key',
        },
        'components': {
            'profile_reorder_probabilities': [
                'sum(reorder_probability)', 'numeric(28, 10)',
                'Probabilities of an order, as the provider predicts, summed.',
            ],
            'predicted_profiles': [
                'count(reorder_probability)', 'bigint', 'Profiles with a prediction.',
            ],
        },
    }) }}
{%- endmacro %}
