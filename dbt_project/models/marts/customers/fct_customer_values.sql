-- What a customer brings in a year, over some years (simple), and for as long as customers of the
-- segment stay, discounted (predictive). AOV × purchases a year is what was bought by its years:
-- purchases cancel out, so that money is rounded once.
{% set year = 365 %}

with customers as (
    select * from {{ ref('fct_customer_acquisitions') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
    where counts_as_purchase and order_date <= {{ as_of() }}
),

segments as (
    select * from {{ ref('fct_customer_rfm') }}
),

churn as (
    select * from {{ ref('int_segment_churn_measured') }}
),

purchases as (
    select
        customer_key,
        count(*) as purchase_count
    from orders
    group by customer_key
),

-- Whoever is known for less than a year is taken to buy no more until it is full.
observed as (
    select
        customers.*,
        segments.segment_name,
        purchases.purchase_count,
        {{ days_between('customers.first_purchase_date', as_of()) }} + 1 as customer_day_count,
        {{ greatest([
            year, days_between('customers.first_purchase_date', as_of()) ~ ' + 1',
        ]) }} as observed_day_count,
        coalesce(customers.contribution_margin_amount, customers.net_amount) as margin_amount,
        churn.yearly_churn_rate,
        churn.segment_name is not null as has_churn_base
    from customers
    inner join purchases on customers.customer_key = purchases.customer_key
    left join segments on customers.customer_key = segments.customer_key
    left join churn on segments.segment_name = churn.segment_name
),

final as (
    select
        customer_key,
        store_key,
        channel_key,
        segment_name,
        case
            when yearly_churn_rate is not null then null
            when segment_name is null then 'no segment'
            when has_churn_base then 'too few customers in the segment a year ago'
            else 'nobody in the segment a year ago'
        end as no_predictive_clv_reason,
        cast(purchase_count as bigint) as purchase_count,
        cast(customer_day_count as bigint) as customer_day_count,
        net_amount,
        contribution_margin_amount,
        {{ money_share('net_amount', 1, 'purchase_count') }} as average_order_net_amount,
        {{ safe_divide(year ~ ' * purchase_count', 'observed_day_count') }} as purchases_per_year,
        case
            when contribution_margin_amount is null then cast(1 as double precision)
            else {{ safe_divide('contribution_margin_amount', 'net_amount') }}
        end as margin_rate,
        yearly_churn_rate,
        {{ money_share(
            'net_amount', year ~ ' * ' ~ var('clv_lifespan_years'), 'observed_day_count'
        ) }} as simple_clv_amount,
        {{ money_share(
            'margin_amount',
            year ~ ' * (1 - yearly_churn_rate)',
            'observed_day_count * (' ~ var('discount_rate') ~ ' + yearly_churn_rate)',
        ) }} as predictive_clv_amount,
        contribution_margin_amount is null as is_margin_assumed,
        first_purchase_date,
        {{ as_of() }} as as_of_date
    from observed
)

select * from final
