with customers as (
    select * from {{ ref('dim_customers') }}
),

acquisitions as (
    select * from {{ ref('fct_customer_acquisitions') }}
),

rfm as (
    select * from {{ ref('fct_customer_rfm') }}
),

arithmetic_values as (
    select * from {{ ref('fct_customer_values') }}
),

purchases as (
    select * from {{ ref('int_customer_purchases_summed') }}
),

visits as (
    select * from {{ ref('int_customer_visits_summed') }}
),

voices as (
    select * from {{ ref('int_customer_voices_summed') }}
),

memberships as (
    select * from {{ ref('int_customer_memberships_summed') }}
),

scores as (
    select * from {{ ref('int_customer_scores_latest') }}
),

dates as (
    select * from {{ ref('dim_dates') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

final as (
    select
        customers.customer_key,
        customers.first_store_key,
        acquisitions.channel_key as acquisition_channel_key,
        acquisitions.campaign_key as acquisition_campaign_key,
        customers.customer_id,
        customers.country_code,
        customers.region,
        rfm.segment_name as rfm_segment,
        rfm.no_segment_reason,
        purchases.favourite_category,
        voices.nps_group,
        memberships.loyalty_tier,
        memberships.segment_keys,
        scores.archetype_l1_id,
        scores.archetype_l2_id,
        scores.archetype_l3_id,
        scores.churn_risk_level,
        scores.recommended_action,
        arithmetic_values.no_predictive_clv_reason,
        customers.account_count,
        customers.purchase_count,
        customers.purchase_day_count,
        rfm.recency_score,
        rfm.frequency_score,
        rfm.monetary_score,
        rfm.days_since_last_purchase,
        coalesce(purchases.order_count, 0) as order_count,
        coalesce(purchases.returned_order_count, 0) as returned_order_count,
        coalesce(purchases.abandoned_checkout_count, 0) as abandoned_checkout_count,
        coalesce(purchases.recovered_checkout_count, 0) as recovered_checkout_count,
        coalesce(purchases.unit_count, 0) as unit_count,
        coalesce(purchases.gross_amount, 0) as gross_amount,
        coalesce(purchases.discount_amount, 0) as discount_amount,
        coalesce(purchases.return_amount, 0) as return_amount,
        coalesce(purchases.net_amount, 0) as net_amount,
        purchases.contribution_margin_amount,
        {{ safe_divide('purchases.net_amount', 'purchases.order_count') }} as average_order_amount,
        {{ safe_divide(
            'purchases.return_amount', 'purchases.gross_amount - purchases.discount_amount'
        ) }} as return_rate,
        acquisitions.net_30d_amount,
        acquisitions.net_90d_amount,
        acquisitions.net_365d_amount,
        arithmetic_values.simple_clv_amount,
        arithmetic_values.predictive_clv_amount,
        coalesce(visits.session_count, 0) as session_count,
        coalesce(visits.product_view_count, 0) as product_view_count,
        coalesce(visits.delivered_message_count, 0) as delivered_message_count,
        coalesce(visits.opened_message_count, 0) as opened_message_count,
        coalesce(visits.clicked_message_count, 0) as clicked_message_count,
        {{ safe_divide('visits.opened_message_count', 'visits.delivered_message_count') }}
            as message_open_rate,
        coalesce(voices.review_count, 0) as review_count,
        coalesce(voices.ticket_count, 0) as ticket_count,
        voices.nps_score,
        voices.average_rating,
        voices.average_satisfaction,
        coalesce(memberships.segment_count, 0) as segment_count,
        coalesce(memberships.active_subscription_count, 0) as active_subscription_count,
        memberships.points_balance,
        scores.churn_probability,
        scores.probabilistic_clv_amount,
        scores.clv_low_amount,
        scores.clv_high_amount,
        scores.alive_probability,
        scores.expected_order_count,
        customers.has_account,
        customers.accepts_email_marketing,
        customers.is_deleted,
        coalesce(memberships.is_enrolled, false) as is_enrolled,
        dates.month_start_date as cohort_month,
        customers.first_purchase_date,
        customers.last_purchase_date,
        visits.last_session_date,
        visits.last_message_date,
        voices.last_ticket_date,
        memberships.first_subscription_date,
        scores.next_purchase_date,
        as_of.as_of_date,
        visits.last_open_at,
        visits.last_click_at,
        customers.first_seen_at
    from customers
    cross join as_of
    left join acquisitions on customers.customer_key = acquisitions.customer_key
    left join rfm on customers.customer_key = rfm.customer_key
    left join arithmetic_values on customers.customer_key = arithmetic_values.customer_key
    left join purchases on customers.customer_key = purchases.customer_key
    left join visits on customers.customer_key = visits.customer_key
    left join voices on customers.customer_key = voices.customer_key
    left join memberships on customers.customer_key = memberships.customer_key
    left join scores on customers.customer_key = scores.customer_key
    left join dates on customers.first_purchase_date = dates.date_day
)

select * from final
