{#
    Interpolated percentile of a group, as double. Cast first: over decimals DuckDB would round to
    their scale.
    share: between 0 and 1.
#}
{% macro percentile(column, share) -%}
    percentile_cont({{ share }}) within group (order by cast({{ column }} as double precision))
{%- endmacro %}
