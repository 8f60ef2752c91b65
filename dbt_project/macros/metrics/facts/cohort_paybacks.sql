{% macro cohort_paybacks_facts() -%}
    {{ return({
        'relation': 'fct_cohort_paybacks',
        'date': 'cohort_month',
        'dimensions': {'cohort': 'cohort'},
        'components': {
            'days_to_payback': [
                'max(payback_day_count)', 'bigint', 'Days until the cohort had paid back its ads.',
            ],
            'cohorts': ['count(*)', 'bigint', 'Months of first purchase.'],
        },
    }) }}
{%- endmacro %}
