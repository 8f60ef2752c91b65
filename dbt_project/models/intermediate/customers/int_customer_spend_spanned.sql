{#
    From which day (included) to which (excluded) a person's net sales of the vip_window_days before
    were what they were; null is for good. A movement counts from the day after it on.
#}
{{ config(materialized='table') }}

with movements as (
    select * from {{ ref('fct_sales_movements') }}
    where customer_key is not null
),

changes as (
    select
        store_key,
        customer_key,
        net_amount,
        cast({{ dbt.dateadd('day', 1, 'movement_date') }} as date) as change_date
    from movements
    union all
    select
        store_key,
        customer_key,
        -1 * net_amount as net_amount,
        cast({{ dbt.dateadd('day', var('vip_window_days') + 1, 'movement_date') }} as date)
            as change_date
    from movements
),

daily as (
    select
        store_key,
        customer_key,
        sum(net_amount) as net_amount,
        change_date
    from changes
    group by
        store_key,
        customer_key,
        change_date
),

spans as (
    select
        store_key,
        customer_key,
        cast(
            sum(net_amount) over (
                partition by store_key, customer_key
                order by change_date
                rows between unbounded preceding and current row
            ) as numeric(18, 4)
        ) as net_amount,
        change_date as start_date,
        lead(change_date) over (
            partition by store_key, customer_key order by change_date
        ) as end_date
    from daily
)

select
    {{ surrogate_key(['store_key', 'customer_key', 'start_date']) }} as customer_spend_span_key,
    store_key,
    customer_key,
    net_amount,
    start_date,
    end_date
from spans
