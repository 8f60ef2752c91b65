-- A source may sell without saying anything about its store: its days are then cut in UTC and its
-- money is taken to be in the currency of its orders.
{{ config(materialized='table') }}

with stores as (
    select * from {{ ref('int_stores_unioned') }}
),

orders as (
    select * from {{ ref('int_orders_unioned') }}
),

refund_lines as (
    select * from {{ ref('int_refund_lines_unioned') }}
),

sales as (
    select
        store_key,
        source_name,
        account_id,
        currency_code
    from orders
    union all
    select
        store_key,
        source_name,
        account_id,
        currency_code
    from refund_lines
),

sellers as (
    select
        store_key,
        source_name,
        account_id,
        max(currency_code) as currency_code
    from sales
    group by store_key, source_name, account_id
),

completed as (
    select
        coalesce(stores.store_key, sellers.store_key) as store_key,
        coalesce(stores.source_name, sellers.source_name) as source_name,
        coalesce(stores.account_id, sellers.account_id) as account_id,
        stores.store_id,
        coalesce(stores.store_name, stores.account_id, sellers.account_id) as store_name,
        coalesce(stores.timezone, 'UTC') as timezone,
        coalesce(
            stores.currency_code, sellers.currency_code, {{ reporting_currency() }}
        ) as currency_code,
        stores.country_code,
        coalesce(stores.is_tax_inclusive, false) as is_tax_inclusive
    from stores
    full outer join sellers on stores.store_key = sellers.store_key
),

unassigned as (
    select
        'unassigned' as store_key,
        'none' as source_name,
        'unassigned' as account_id,
        'unassigned' as store_name,
        'UTC' as timezone,
        {{ reporting_currency() }} as currency_code,
        false as is_tax_inclusive
),

final as (
    select
        store_key,
        source_name,
        account_id,
        store_id,
        store_name,
        timezone,
        currency_code,
        country_code,
        is_tax_inclusive
    from completed
    union all
    select
        store_key,
        source_name,
        account_id,
        cast(null as varchar) as store_id,
        store_name,
        timezone,
        currency_code,
        cast(null as varchar) as country_code,
        is_tax_inclusive
    from unassigned
)

select * from final
