-- What is spent on ads, what is sold and what is left of it, where it is booked or attributed: a
-- movement goes where its order does.
with ad_performance as (
    select * from {{ ref('fct_ad_performance_daily') }}
),

movements as (
    select * from {{ ref('fct_sales_movements') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
    where counts_in_sales and order_date is not null
),

attribution as (
    select * from {{ ref('fct_order_attribution') }}
    where attribution_model = 'last_non_direct_touch'
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

channels as (
    select * from {{ ref('dim_channels') }}
),

customers as (
    select * from {{ ref('int_customers_acquired') }}
),

of_orders as (
    select
        movements.order_key,
        movements.store_key,
        movements.customer_key,
        movements.net_amount,
        cast(null as numeric(18, 4)) as contribution_margin_amount,
        0 as order_count,
        0 as attributed_net_amount,
        movements.movement_date as result_date
    from movements
    union all
    select
        orders.order_key,
        orders.store_key,
        orders.customer_key,
        0 as net_amount,
        orders.contribution_margin_amount,
        1 as order_count,
        coalesce(attribution.net_amount, 0) as attributed_net_amount,
        orders.order_date as result_date
    from orders
    left join attribution on orders.order_key = attribution.order_key
),

placed as (
    select
        of_orders.store_key,
        coalesce(attribution.channel_key, 'unattributed') as channel_key,
        attribution.campaign_key,
        campaigns.ad_platform,
        cast({{ dbt.date_trunc('month', 'customers.first_purchase_date') }} as date)
            as cohort_month,
        0 as spend_amount,
        of_orders.net_amount,
        of_orders.attributed_net_amount,
        coalesce(of_orders.contribution_margin_amount, 0) as contribution_margin_amount,
        case
            when of_orders.order_count = 1 and of_orders.contribution_margin_amount is null then 1
            else 0
        end as unknown_margin_order_count,
        of_orders.result_date
    from of_orders
    left join attribution on of_orders.order_key = attribution.order_key
    left join campaigns on attribution.campaign_key = campaigns.campaign_key
    left join customers on of_orders.customer_key = customers.customer_key
    union all
    -- What was spent in a month was spent on that month's new customers.
    select
        store_key,
        channel_key,
        campaign_key,
        ad_platform,
        cast({{ dbt.date_trunc('month', 'ad_date') }} as date) as cohort_month,
        spend_amount,
        0 as net_amount,
        0 as attributed_net_amount,
        0 as contribution_margin_amount,
        0 as unknown_margin_order_count,
        ad_date as result_date
    from ad_performance
),

summed as (
    select
        store_key,
        channel_key,
        campaign_key,
        ad_platform,
        cohort_month,
        sum(spend_amount) as spend_amount,
        sum(net_amount) as net_amount,
        sum(attributed_net_amount) as attributed_net_amount,
        sum(contribution_margin_amount) as contribution_margin_amount,
        sum(unknown_margin_order_count) as unknown_margin_order_count,
        result_date
    from placed
    group by store_key, channel_key, campaign_key, ad_platform, cohort_month, result_date
),

final as (
    select
        {{ surrogate_key([
            'summed.store_key', 'summed.channel_key', 'summed.campaign_key', 'summed.ad_platform',
            'summed.cohort_month', 'summed.result_date',
        ]) }} as channel_result_key,
        summed.store_key,
        summed.channel_key,
        summed.campaign_key,
        summed.ad_platform,
        channels.is_paid as is_paid_channel,
        cast(summed.spend_amount as numeric(18, 4)) as spend_amount,
        cast(summed.net_amount as numeric(18, 4)) as net_amount,
        cast(summed.attributed_net_amount as numeric(18, 4)) as attributed_net_amount,
        cast(summed.contribution_margin_amount as numeric(18, 4)) as contribution_margin_amount,
        cast(summed.unknown_margin_order_count as bigint) as unknown_margin_order_count,
        summed.cohort_month,
        summed.result_date
    from summed
    inner join channels on summed.channel_key = channels.channel_key
)

select * from final
