-- Who was won by as_of, and what they brought, is what the states of that day count.
with won as (
    select
        store_key,
        channel_key,
        count(*) as customer_count,
        sum(net_amount) as net_amount
    from {{ ref('fct_customer_acquisitions') }}
    group by store_key, channel_key
),

states as (
    select
        store_key,
        channel_key,
        sum(customer_count) as customer_count,
        sum(net_amount) as net_amount
    from {{ ref('fct_customer_states_daily') }}
    where state_date = {{ as_of() }}
    group by store_key, channel_key
)

select
    states.store_key,
    states.channel_key
from states
left join won
    on
        states.store_key = won.store_key
        and states.channel_key = won.channel_key
where
    won.store_key is null
    or states.customer_count != won.customer_count
    or states.net_amount != won.net_amount
