{% set dimensions = {
    'all': "'all'",
    'store': 'store_key',
    'channel': 'channel_key',
    'first_category': 'first_category',
} %}

with cohorts as (
    select * from {{ ref('fct_cohorts_monthly') }}
),

cells as (
    {%- for dimension, value in dimensions.items() %}
        select
            '{{ dimension }}' as dimension,
            {{ value }} as dimension_value,
            cohort_month,
            month_number,
            month_start_date,
            sum(customer_count) as customer_count,
            sum(active_customer_count) as active_customer_count,
            sum(order_count) as order_count,
            sum(net_amount) as net_amount,
            sum(fully_costed_net_amount) as fully_costed_net_amount,
            case
                when count(*) = count(contribution_margin_amount)
                    then sum(contribution_margin_amount)
            end as contribution_margin_amount,
            sum(cumulative_net_amount) as cumulative_net_amount,
            case
                when count(*) = count(cumulative_contribution_margin_amount)
                    then sum(cumulative_contribution_margin_amount)
            end as cumulative_contribution_margin_amount
        from cohorts
        group by
            {% if value != "'all'" %}{{ value }}, {% endif -%}
            cohort_month, month_number, month_start_date
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

final as (
    select
        {{ surrogate_key(['dimension', 'dimension_value', 'cohort_month', 'month_number']) }}
            as cohort_month_key,
        cast(dimension as varchar) as dimension,
        cast(dimension_value as varchar) as dimension_value,
        month_number,
        cast(customer_count as bigint) as customer_count,
        cast(active_customer_count as bigint) as active_customer_count,
        cast(order_count as bigint) as order_count,
        cast(net_amount as numeric(18, 4)) as net_amount,
        cast(contribution_margin_amount as numeric(18, 4)) as contribution_margin_amount,
        cast(cumulative_net_amount as numeric(18, 4)) as cumulative_net_amount,
        cast(cumulative_contribution_margin_amount as numeric(18, 4))
            as cumulative_contribution_margin_amount,
        {{ money_share('cumulative_net_amount', 1, 'customer_count') }} as ltv_amount,
        {{ safe_divide('active_customer_count', 'customer_count') }} as retention_rate,
        {{ safe_divide('fully_costed_net_amount', 'net_amount') }} as cost_coverage_rate,
        cast({{ dbt.last_day('month_start_date', 'month') }} as date) <= {{ as_of() }}
            as is_complete,
        cohort_month,
        month_start_date
    from cells
)

select * from final
