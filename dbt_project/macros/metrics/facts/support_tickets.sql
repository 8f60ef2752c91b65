{% macro support_tickets_facts() -%}
    {{ return({
        'relation': 'fct_support_tickets',
        'date': 'created_date',
        'where': "not is_spam",
        'dimensions': {
            'store': 'store_key',
        },
        'components': {
            'first_response_time': [
                'percentile_cont(0.5) within group (order by cast(first_response_minutes as double precision))',
                'double precision',
                'Minutes to the first reply of a person, the median.',
            ],
        },
    }) }}
{%- endmacro %}
