{% macro reviewable_lines_facts() -%}
    {{ return({
        'relation': 'fct_reviewable_lines',
        'date': 'delivered_date',
        'dimensions': {
            'store': 'store_key',
            'product_category': "coalesce(product_category, 'unknown')",
        },
        'components': {
            'reviewable_lines': [
                'count(*)', 'bigint', 'Lines delivered at least review_days before as_of.',
            ],
            'reviewed_lines': [
                'count(case when is_reviewed then 1 end)', 'bigint',
                'Those reviewed within review_days of the delivery.',
            ],
        },
    }) }}
{%- endmacro %}
