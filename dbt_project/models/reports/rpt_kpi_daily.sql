with revenue as (
    select * from {{ ref('rpt_revenue_daily') }}
),

sessions as (
    select * from {{ ref('fct_sessions') }}
),

ad_performance as (
    select * from {{ ref('fct_ad_performance_daily') }}
),

dates as (
    select * from {{ ref('dim_dates') }}
),

sold as (
    select
        revenue_date as kpi_date,
        sum(order_count) as order_count,
        sum(new_customer_order_count) as new_customer_order_count,
        sum(returning_customer_order_count) as returning_customer_order_count,
        sum(new_customer_count) as new_customer_count,
        sum(unit_count) as unit_count,
        sum(gross_amount) as gross_amount,
        sum(discount_amount) as discount_amount,
        sum(return_amount) as return_amount,
        sum(net_amount) as net_amount,
        sum(tax_amount) as tax_amount,
        sum(shipping_amount) as shipping_amount,
        sum(total_sales_amount) as total_sales_amount
    from revenue
    group by revenue_date
),

visited as (
    select
        session_date as kpi_date,
        count(*) as session_count,
        count(distinct visitor_key) as visitor_count,
        sum(case when order_count > 0 then 1 else 0 end) as session_with_order_count
    from sessions
    group by session_date
),

spent as (
    select
        ad_date as kpi_date,
        sum(spend_amount) as spend_amount
    from ad_performance
    group by ad_date
),

final as (
    select
        dates.date_day as kpi_date,
        cast(coalesce(sold.order_count, 0) as bigint) as order_count,
        cast(coalesce(sold.new_customer_order_count, 0) as bigint) as new_customer_order_count,
        cast(coalesce(sold.returning_customer_order_count, 0) as bigint)
            as returning_customer_order_count,
        cast(coalesce(sold.new_customer_count, 0) as bigint) as new_customer_count,
        cast(coalesce(sold.unit_count, 0) as numeric(18, 3)) as unit_count,
        {%- for part in [
            'gross', 'discount', 'return', 'net', 'tax', 'shipping', 'total_sales'
        ] %}
            cast(coalesce(sold.{{ part }}_amount, 0) as numeric(18, 4)) as {{ part }}_amount,
        {%- endfor %}
        cast(coalesce(visited.session_count, 0) as bigint) as session_count,
        cast(coalesce(visited.visitor_count, 0) as bigint) as visitor_count,
        cast(coalesce(visited.session_with_order_count, 0) as bigint)
            as session_with_order_count,
        cast(coalesce(spent.spend_amount, 0) as numeric(18, 4)) as ad_spend_amount,
        {{ safe_divide('visited.session_with_order_count', 'visited.session_count') }}
            as conversion_rate,
        {{ safe_divide('coalesce(spent.spend_amount, 0)', 'sold.new_customer_count') }}
            as blended_cac,
        {{ safe_divide('coalesce(sold.net_amount, 0)', 'spent.spend_amount') }} as mer,
        dates.is_complete
    from dates
    left join sold on dates.date_day = sold.kpi_date
    left join visited on dates.date_day = visited.kpi_date
    left join spent on dates.date_day = spent.kpi_date
)

select * from final
