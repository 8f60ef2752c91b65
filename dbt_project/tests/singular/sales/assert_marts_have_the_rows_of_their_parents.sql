-- A join to a child that was not aggregated first would double rows, an inner one lose them.
{{ config(meta={'pitfall': 5}) }}

{% set pairs = {
    'fct_orders': "select count(*) from " ~ ref('int_orders_unioned'),
    'fct_order_lines': "select count(*) from " ~ ref('int_order_lines_written'),
    'fct_refund_lines': "select count(*) from " ~ ref('int_refund_lines_unioned')
        ~ " where not coalesce(is_deleted, false)",
    'fct_payments': "select count(*) from " ~ ref('int_payments_unioned'),
    'fct_abandoned_checkouts': "select count(*) from " ~ ref('int_abandoned_checkouts_unioned'),
} %}

with counts as (
    {%- for mart, parent in pairs.items() %}
    select
        '{{ mart }}' as mart,
        (select count(*) from {{ ref(mart) }}) as mart_rows,
        ({{ parent }}) as parent_rows
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    mart,
    mart_rows,
    parent_rows
from counts
where mart_rows != parent_rows
