{% set month_count = 24 %}

with cohorts as (
    select * from {{ ref('rpt_cohorts_monthly') }}
),

final as (
    select
        {{ surrogate_key(['dimension', 'dimension_value', 'cohort_month']) }} as cohort_key,
        dimension,
        dimension_value,
        max(customer_count) as customer_count,
        {%- for number in range(month_count + 1) %}
            max(case when month_number = {{ number }} and is_complete then retention_rate end)
                as month_{{ number }}_rate,
        {%- endfor %}
        cohort_month
    from cohorts
    group by dimension, dimension_value, cohort_month
)

select * from final
