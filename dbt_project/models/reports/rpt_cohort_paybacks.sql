-- By whole months; fct_cohort_paybacks has the days, of all channels together.
with cohorts as (
    select * from {{ ref('rpt_cohorts_monthly') }}
    where dimension in ('all', 'channel')
),

ads as (
    select
        channel_key,
        spend_amount,
        cast({{ dbt.date_trunc('month', 'ad_date') }} as date) as cohort_month
    from {{ ref('fct_ad_performance_daily') }}
),

spent as (
    select
        'all' as dimension,
        'all' as dimension_value,
        cohort_month,
        sum(spend_amount) as spend_amount
    from ads
    group by cohort_month
    union all
    select
        'channel' as dimension,
        channel_key as dimension_value,
        cohort_month,
        sum(spend_amount) as spend_amount
    from ads
    group by channel_key, cohort_month
),

followed as (
    select
        cohorts.dimension,
        cohorts.dimension_value,
        cohorts.cohort_month,
        cohorts.customer_count,
        coalesce(spent.spend_amount, 0) as spend_amount,
        cohorts.month_number,
        cohorts.cumulative_contribution_margin_amount as margin_amount,
        row_number() over (
            partition by cohorts.dimension, cohorts.dimension_value, cohorts.cohort_month
            order by cohorts.month_number desc
        ) as newest_number
    from cohorts
    left join spent
        on
            cohorts.dimension = spent.dimension
            and cohorts.dimension_value = spent.dimension_value
            and cohorts.cohort_month = spent.cohort_month
),

summed as (
    select
        dimension,
        dimension_value,
        cohort_month,
        max(customer_count) as customer_count,
        max(spend_amount) as spend_amount,
        max(case when newest_number = 1 then margin_amount end) as margin_amount,
        min(case when spend_amount > 0 and margin_amount >= spend_amount then month_number end)
            as payback_month_count
    from followed
    group by dimension, dimension_value, cohort_month
),

final as (
    select
        {{ surrogate_key(['dimension', 'dimension_value', 'cohort_month']) }} as cohort_key,
        dimension,
        dimension_value,
        cast(
            case
                when payback_month_count is not null then null
                when spend_amount = 0 then 'no ad spend'
                when margin_amount is null then 'a cost is unknown'
                else 'not paid back yet'
            end as varchar
        ) as no_payback_reason,
        cast(customer_count as bigint) as customer_count,
        cast(spend_amount as numeric(18, 4)) as spend_amount,
        cast(margin_amount as numeric(18, 4)) as contribution_margin_amount,
        {{ money_share('spend_amount', 1, 'customer_count') }} as cac_amount,
        cast(payback_month_count as bigint) as payback_month_count,
        cohort_month
    from summed
)

select * from final
