-- Over all channels of a store and day there is what was spent, sold and left, no more and no less.
-- pitfall: 18
with results as (
    select
        store_key,
        result_date,
        sum(spend_amount) as spend_amount,
        sum(net_amount) as net_amount,
        sum(attributed_net_amount) as attributed_net_amount,
        sum(contribution_margin_amount) as contribution_margin_amount
    from {{ ref('fct_channel_results_daily') }}
    group by store_key, result_date
),

facts as (
    select
        store_key,
        ad_date as result_date,
        spend_amount,
        0 as net_amount,
        0 as attributed_net_amount,
        0 as contribution_margin_amount
    from {{ ref('fct_ad_performance_daily') }}
    union all
    select
        store_key,
        movement_date as result_date,
        0 as spend_amount,
        net_amount,
        0 as attributed_net_amount,
        0 as contribution_margin_amount
    from {{ ref('fct_sales_movements') }}
    union all
    select
        store_key,
        order_date as result_date,
        0 as spend_amount,
        0 as net_amount,
        case when counts_as_purchase then net_amount else 0 end as attributed_net_amount,
        coalesce(contribution_margin_amount, 0) as contribution_margin_amount
    from {{ ref('fct_orders') }}
    where counts_in_sales and order_date is not null
),

summed as (
    select
        store_key,
        result_date,
        sum(spend_amount) as spend_amount,
        sum(net_amount) as net_amount,
        sum(attributed_net_amount) as attributed_net_amount,
        sum(contribution_margin_amount) as contribution_margin_amount
    from facts
    group by store_key, result_date
)

select
    summed.store_key,
    summed.result_date
from summed
left join results
    on
        summed.store_key = results.store_key
        and summed.result_date = results.result_date
where
    results.store_key is null
    or summed.spend_amount != results.spend_amount
    or summed.net_amount != results.net_amount
    or summed.attributed_net_amount != results.attributed_net_amount
    or summed.contribution_margin_amount != results.contribution_margin_amount
