{% set dimensions = {
    'all': "'all'",
    'store': 'store_key',
    'channel': 'channel_key',
    'segment': "coalesce(segment_name, 'none')",
    'cohort_month': "cast(cohort_month as varchar)",
} %}

with customers as (
    select * from {{ ref('fct_customer_values') }}
),

dated as (
    select
        customers.*,
        cast({{ dbt.date_trunc('month', 'first_purchase_date') }} as date) as cohort_month
    from customers
),

cells as (
    {%- for dimension, value in dimensions.items() %}
        select
            '{{ dimension }}' as dimension,
            {{ value }} as dimension_value,
            purchase_count,
            net_amount,
            simple_clv_amount,
            predictive_clv_amount,
            case when is_margin_assumed then 0 else net_amount end as costed_net_amount
        from dated
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

summed as (
    select
        dimension,
        dimension_value,
        count(*) as customer_count,
        count(predictive_clv_amount) as predicted_customer_count,
        sum(purchase_count) as purchase_count,
        sum(net_amount) as net_amount,
        sum(costed_net_amount) as costed_net_amount,
        sum(simple_clv_amount) as simple_clv_amount,
        sum(predictive_clv_amount) as predictive_clv_amount
    from cells
    group by dimension, dimension_value
),

final as (
    select
        {{ surrogate_key(['dimension', 'dimension_value']) }} as customer_value_key,
        cast(dimension as varchar) as dimension,
        cast(dimension_value as varchar) as dimension_value,
        cast(customer_count as bigint) as customer_count,
        cast(predicted_customer_count as bigint) as predicted_customer_count,
        cast(purchase_count as bigint) as purchase_count,
        cast(net_amount as numeric(18, 4)) as net_amount,
        cast(simple_clv_amount as numeric(18, 4)) as simple_clv_amount,
        cast(predictive_clv_amount as numeric(18, 4)) as predictive_clv_amount,
        {{ money_share('net_amount', 1, 'purchase_count') }} as average_order_net_amount,
        {{ money_share('simple_clv_amount', 1, 'customer_count') }} as average_simple_clv_amount,
        {{ money_share('predictive_clv_amount', 1, 'predicted_customer_count') }}
            as average_predictive_clv_amount,
        {{ safe_divide('costed_net_amount', 'net_amount') }} as cost_coverage_rate
    from summed
)

select * from final
