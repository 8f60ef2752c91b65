{#
    Rows `date_day`, one a day from first_day to last_day, both included.
    first_day, last_day: SQL of scalar dates. Digits instead of a series function, which every
    engine writes differently; 10,000 days reach for 27 years.
#}
{% macro date_spine(first_day, last_day) -%}
    select date_day
    from (
        select
            cast(
                {{ dbt.dateadd(
                    'day',
                    'ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit',
                    first_day,
                ) }} as date
            ) as date_day
        from {{ _digits() }} as ones
        cross join {{ _digits() }} as tens
        cross join {{ _digits() }} as hundreds
        cross join {{ _digits() }} as thousands
    ) as every_day
    where date_day <= {{ last_day }}
{%- endmacro %}

{% macro _digits() -%}
    (
        select 0 as digit
        {%- for digit in range(1, 10) %} union all select {{ digit }}{% endfor -%}
    )
{%- endmacro %}
