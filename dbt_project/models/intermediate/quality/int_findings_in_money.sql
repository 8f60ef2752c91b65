-- What cannot be stated in the reporting currency: tests of the marts fail on it.
with movements as (
    select * from {{ ref('int_sales_movements') }}
    where counts_in_sales and movement_date is not null
),

orders as (
    select * from {{ ref('int_orders_unioned') }}
),

ad_performance as (
    select * from {{ ref('int_ad_performance_unioned') }}
    where ad_date is not null
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

published as (
    select * from {{ ref('int_fx_rates_unioned') }}
),

rates as (
    select * from {{ ref('int_fx_rates_filled') }}
),

dated as (
    select
        'sales_movements' as table_name,
        movements.store_key,
        movements.currency_code,
        movements.movement_date as rate_date,
        orders._loaded_at
    from movements
    left join orders on movements.order_key = orders.order_key
    union all
    select
        'ad_performance' as table_name,
        coalesce(accounts.store_key, 'unassigned') as store_key,
        ad_performance.currency_code,
        ad_performance.ad_date as rate_date,
        ad_performance._loaded_at
    from ad_performance
    left join accounts
        on
            ad_performance.source_name = accounts.source_name
            and ad_performance.account_id = accounts.account_id
),

quoted as (
    select base_currency_code as currency_code from published
    union all
    select quote_currency_code as currency_code from published
),

known as (
    select distinct currency_code from quoted
),

unpriced as (
    select
        dated.table_name,
        dated.store_key,
        dated._loaded_at,
        known.currency_code is not null as is_known
    from dated
    left join rates
        on
            dated.currency_code = rates.currency_code
            and dated.rate_date = rates.rate_date
    left join known on dated.currency_code = known.currency_code
    where rates.rate is null
),

unknown_currency as (
    select * from unpriced
    where not is_known
),

missing_rate as (
    select * from unpriced
    where is_known
)

{{ findings(['unknown_currency', 'missing_rate']) }}
