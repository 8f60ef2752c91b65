{{ config(materialized='table') }}

with stores as (
    select * from {{ ref('int_stores_completed') }}
),

account_stores as (
    select * from {{ ref('account_stores') }}
),

orders as (
    select * from {{ ref('int_orders_unioned') }}
),

refund_lines as (
    select * from {{ ref('int_refund_lines_unioned') }}
),

payments as (
    select * from {{ ref('int_payments_unioned') }}
),

sales_agreements as (
    select * from {{ ref('int_sales_agreements_unioned') }}
),

abandoned_checkouts as (
    select * from {{ ref('int_abandoned_checkouts_unioned') }}
),

order_costs as (
    select * from {{ ref('int_order_costs_unioned') }}
),

ad_performance as (
    select * from {{ ref('int_ad_performance_unioned') }}
),

web_events as (
    select * from {{ ref('int_web_events_unioned') }}
),

-- Only these two tell how far the shop's data go; what follows an order or a visit may be later.
activity as (
    select
        source_name,
        account_id,
        min(placed_at) as first_at,
        {{ greatest(['max(placed_at)', 'max(cancelled_at)']) }} as last_at,
        max(placed_at) as newest_at
    from orders
    group by source_name, account_id
    union all
    select
        coalesce(account_stores.store_source_name, web_events.source_name) as source_name,
        coalesce(account_stores.store_account_id, web_events.account_id) as account_id,
        min(web_events.occurred_at) as first_at,
        max(web_events.occurred_at) as last_at,
        max(web_events.occurred_at) as newest_at
    from web_events
    left join account_stores
        on
            web_events.source_name = account_stores.source_name
            and web_events.account_id = account_stores.account_id
    group by
        coalesce(account_stores.store_source_name, web_events.source_name),
        coalesce(account_stores.store_account_id, web_events.account_id)
),

store_days as (
    select
        {{ local_date('activity.first_at', "coalesce(stores.timezone, 'UTC')") }} as first_day,
        {{ local_date('activity.last_at', "coalesce(stores.timezone, 'UTC')") }} as last_day,
        {{ local_date('activity.newest_at', "coalesce(stores.timezone, 'UTC')") }} as newest_day
    from activity
    left join stores
        on
            activity.source_name = stores.source_name
            and activity.account_id = stores.account_id
),

other_days as (
    select
        cast(min(processed_at) as date) as first_day,
        cast(max(processed_at) as date) as last_day
    from refund_lines
    union all
    select
        cast(min(processed_at) as date) as first_day,
        cast(max(processed_at) as date) as last_day
    from payments
    union all
    select
        cast(min(happened_at) as date) as first_day,
        cast(max(happened_at) as date) as last_day
    from sales_agreements
    union all
    select
        cast(min(created_at) as date) as first_day,
        cast(max(created_at) as date) as last_day
    from abandoned_checkouts
    union all
    select
        min(cost_date) as first_day,
        max(cost_date) as last_day
    from order_costs
    union all
    select
        min(ad_date) as first_day,
        max(ad_date) as last_day
    from ad_performance
),

every_day as (
    select
        first_day,
        last_day,
        newest_day
    from store_days
    union all
    select
        first_day,
        last_day,
        cast(null as date) as newest_day
    from other_days
),

bounds as (
    select
        min(first_day) as first_day,
        max(last_day) as last_day,
        coalesce(
            {% if env_var('AS_OF', '') -%}
            cast('{{ env_var("AS_OF") }}' as date)
            {%- else -%}
                cast(null as date)
            {%- endif %},
            cast({{ dbt.dateadd('day', -1, 'max(newest_day)') }} as date)
        ) as as_of_date
    from every_day
),

-- A day more at both ends: what is UTC here may be the day before or after in a store's zone.
final as (
    select
        as_of_date,
        cast({{ dbt.dateadd('day', -1, 'first_day') }} as date) as first_day,
        {{ greatest([
            'coalesce(as_of_date, last_day)',
            'cast(' ~ dbt.dateadd('day', 1, 'last_day') ~ ' as date)',
        ]) }} as last_day
    from bounds
)

select * from final
