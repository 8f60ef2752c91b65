-- What a month's new customers brought, by days since each one's first purchase, until it reaches
-- what the month's ads cost. Orders of which a cost is unknown end the count: what comes after them
-- is unknown too.
with customers as (
    select * from {{ ref('fct_customer_acquisitions') }}
),

orders as (
    select * from {{ ref('fct_sales_orders') }}
    where order_date <= {{ as_of() }}
),

ads as (
    select * from {{ ref('fct_ad_performance_daily') }}
),

members as (
    select
        customer_key,
        cast({{ dbt.date_trunc('month', 'first_purchase_date') }} as date) as cohort_month,
        first_purchase_date
    from customers
),

cohorts as (
    select
        cohort_month,
        count(*) as customer_count
    from members
    group by cohort_month
),

spent as (
    select
        cast({{ dbt.date_trunc('month', 'ad_date') }} as date) as cohort_month,
        sum(spend_amount) as spend_amount
    from ads
    group by cast({{ dbt.date_trunc('month', 'ad_date') }} as date)
),

aged as (
    select
        members.cohort_month,
        {{ greatest([
            '0', days_between('members.first_purchase_date', 'orders.order_date'),
        ]) }} as day_number,
        orders.contribution_margin_amount
    from members
    inner join orders on members.customer_key = orders.customer_key
),

earned as (
    select
        cohort_month,
        day_number,
        sum(contribution_margin_amount) as margin_amount,
        sum(case when contribution_margin_amount is null then 1 else 0 end) as unknown_count
    from aged
    group by cohort_month, day_number
),

cumulated as (
    select
        cohort_month,
        day_number,
        sum(margin_amount) over (
            partition by cohort_month order by day_number
            rows between unbounded preceding and current row
        ) as margin_amount,
        sum(unknown_count) over (
            partition by cohort_month order by day_number
            rows between unbounded preceding and current row
        ) as unknown_count
    from earned
),

reached as (
    select
        cumulated.cohort_month,
        max(cumulated.unknown_count) as unknown_count,
        min(
            case
                when
                    cumulated.unknown_count = 0
                    and cumulated.margin_amount >= spent.spend_amount
                    then cumulated.day_number
            end
        ) as payback_day_count
    from cumulated
    inner join spent on cumulated.cohort_month = spent.cohort_month
    where spent.spend_amount > 0
    group by cumulated.cohort_month
),

final as (
    select
        cast(cohorts.cohort_month as varchar) as cohort,
        case
            when reached.payback_day_count is not null then null
            when reached.cohort_month is null then 'no ad spend'
            when reached.unknown_count > 0 then 'a cost is unknown'
            else 'not paid back yet'
        end as no_payback_reason,
        cast(cohorts.customer_count as bigint) as customer_count,
        cast(coalesce(spent.spend_amount, 0) as numeric(18, 4)) as spend_amount,
        cast(reached.payback_day_count as bigint) as payback_day_count,
        cohorts.cohort_month
    from cohorts
    left join spent on cohorts.cohort_month = spent.cohort_month
    left join reached on cohorts.cohort_month = reached.cohort_month
)

select * from final
