with orders as (
    select * from {{ ref('fct_orders') }}
    where customer_key is not null
),

movements as (
    select * from {{ ref('fct_sales_movements') }}
    where customer_key is not null
),

rules as (
    select * from {{ ref('rfm_segment_rules') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

ordered as (
    select
        orders.customer_key,
        max(case when orders.order_date > as_of.as_of_date then 0 else 1 end) as has_past_order,
        max(case when orders.counts_as_purchase then 1 else 0 end) as has_purchase,
        count(
            distinct case
                when orders.counts_as_purchase and orders.order_date <= as_of.as_of_date
                    then orders.order_date
            end
        ) as purchase_day_count,
        max(
            case
                when orders.counts_as_purchase and orders.order_date <= as_of.as_of_date
                    then orders.order_date
            end
        ) as last_purchase_date
    from orders
    cross join as_of
    group by orders.customer_key
),

moved as (
    select
        movements.customer_key,
        sum(movements.net_amount) as net_amount
    from movements
    inner join as_of on movements.movement_date <= as_of.as_of_date
    group by movements.customer_key
),

known as (
    select
        coalesce(ordered.customer_key, moved.customer_key) as customer_key,
        ordered.last_purchase_date,
        coalesce(ordered.purchase_day_count, 0) as purchase_day_count,
        coalesce(moved.net_amount, 0) as net_amount,
        case
            when ordered.purchase_day_count > 0 then null
            when ordered.customer_key is null then 'returns only'
            when ordered.has_purchase = 1 then 'no purchase yet on that day'
            else 'no order that counts as a purchase'
        end as no_segment_reason,
        as_of.as_of_date
    from ordered
    full outer join moved on ordered.customer_key = moved.customer_key
    cross join as_of
),

{{ rfm_scored('known', 'as_of_date') }},

final as (
    select
        known.customer_key,
        matched.segment_name,
        case
            when matched.customer_key is not null then null
            else coalesce(known.no_segment_reason, 'nobody to compare with')
        end as no_segment_reason,
        matched.recency_score,
        matched.frequency_score,
        matched.monetary_score,
        matched.days_since_last_purchase,
        cast(known.purchase_day_count as bigint) as purchase_day_count,
        cast(known.net_amount as numeric(18, 4)) as net_amount,
        known.last_purchase_date,
        known.as_of_date
    from known
    left join matched
        on known.customer_key = matched.customer_key and matched.match_number = 1
)

select * from final
