{% macro churn_scores_facts() -%}
    {{ return({
        'relation': 'fct_churn_scores',
        'date': 'score_date',
        'dimensions': {'store': 'store_key'},
        'components': {
            'modelled_reorder_probabilities': [
                'sum(reorder_probability)', 'numeric(28, 10)',
                'Probabilities of a purchase, as the own model predicts, summed.',
            ],
            'scored_customers': [
                'count(reorder_probability)', 'bigint', 'Customers with a score.',
            ],
        },
    }) }}
{%- endmacro %}
