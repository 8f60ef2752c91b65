{% macro satisfaction_answers_facts() -%}
    {{ return({
        'relation': 'fct_satisfaction_answers',
        'date': 'answer_date',
        'dimensions': {'store': 'store_key'},
        'components': {
            'satisfaction_answers': ['count(*)', 'bigint', 'Answers about satisfaction.'],
            'satisfied_answers': [
                'count(case when is_satisfied then 1 end)', 'bigint', 'Those of 4 or 5.',
            ],
        },
    }) }}
{%- endmacro %}
