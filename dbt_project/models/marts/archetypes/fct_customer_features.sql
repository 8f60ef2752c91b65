{#
    What is known of a customer as of a day, from nothing that came after it: what the models of
    customers are fitted on and score. What there is no history for is null, and nothing is filled in.
#}
with purchases as (
    select * from {{ ref('int_customer_purchase_features') }}
),

categories as (
    select * from {{ ref('int_customer_category_features') }}
),

given_back as (
    select * from {{ ref('int_customer_return_features') }}
),

contacts as (
    select * from {{ ref('int_customer_contact_features') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

aged as (
    select
        purchases.*,
        {{ greatest([
            'purchases.days_since_first_purchase',
            days_between('customers.first_seen_at', 'purchases.snapshot_date'),
        ]) }} as tenure_days
    from purchases
    inner join customers on purchases.customer_key = customers.customer_key
),

final as (
    select
        aged.customer_key,
        aged.purchase_day_count,
        {{ safe_divide('365 * aged.purchase_day_count', greatest(['aged.tenure_days', '180'])) }}
            as purchase_days_per_year,
        aged.purchase_day_count_90d,
        aged.purchase_day_count_365d,
        aged.average_order_value_amount,
        aged.highest_order_value_amount,
        given_back.net_revenue_amount,
        cast(categories.category_count as bigint) as category_count,
        categories.category_entropy,
        categories.top_category_share,
        aged.discounted_order_share,
        aged.mean_discount_rate,
        aged.full_price_share,
        aged.mean_gap_days,
        aged.gap_variation,
        aged.month_concentration,
        aged.tenure_days,
        aged.days_since_first_purchase,
        aged.days_since_last_purchase,
        aged.order_count,
        aged.repeat_line_share,
        aged.repeat_gap_regularity,
        given_back.returned_unit_share,
        given_back.returned_value_share,
        given_back.mean_days_to_return,
        aged.purchase_day_count - 1 as repeat_purchase_day_count,
        aged.days_since_first_purchase - aged.days_since_last_purchase as recency_days,
        aged.days_since_first_purchase as observed_days,
        contacts.session_count_90d,
        contacts.email_open_count_90d,
        contacts.support_ticket_count_90d,
        contacts.last_nps_score,
        aged.days_since_last_purchase >= {{ var('return_window_days') }}
        and coalesce(given_back.days_since_last_delivery >= {{ var('return_window_days') }}, true)
            as is_return_window_over,
        aged.snapshot_date
    from aged
    left join given_back
        on
            aged.customer_key = given_back.customer_key
            and aged.snapshot_date = given_back.snapshot_date
    left join categories
        on
            aged.customer_key = categories.customer_key
            and aged.snapshot_date = categories.snapshot_date
    left join contacts
        on
            aged.customer_key = contacts.customer_key
            and aged.snapshot_date = contacts.snapshot_date
)

select * from final
