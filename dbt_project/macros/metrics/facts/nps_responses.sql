{% macro nps_responses_facts() -%}
    {{ return({
        'relation': 'fct_survey_responses',
        'date': 'response_date',
        'where': "nps_group is not null",
        'dimensions': {
            'store': 'store_key',
        },
        'components': {
            'nps_balance': [
                "sum(case nps_group when 'promoter' then 1 when 'detractor' then -1 else 0 end)",
                'bigint',
                'Promoters less detractors.',
            ],
            'nps_responses': ['count(*)', 'bigint', 'Answers with a score.'],
        },
    }) }}
{%- endmacro %}
