-- An order belongs to the visitor in whose session it was placed; where none is known, to the first
-- of the person's visitors that was in the experiment. So it counts once an experiment.
{% set window_days = var('experiment_window_days') %}

with exposures as (
    select * from {{ ref('fct_experiment_exposures') }}
    where exposure_date <= {{ as_of() }}
),

orders as (
    select * from {{ ref('fct_orders') }}
    where counts_as_purchase and order_date <= {{ as_of() }}
),

sessions as (
    select * from {{ ref('fct_sessions') }}
),

placed as (
    select
        orders.order_key,
        orders.customer_key,
        sessions.visitor_key,
        orders.net_amount,
        orders.placed_at
    from orders
    left join sessions on orders.session_key = sessions.session_key
),

matched as (
    select
        placed.order_key,
        exposures.experiment_key,
        exposures.exposure_key,
        placed.net_amount,
        row_number() over (
            partition by placed.order_key, exposures.experiment_key
            order by
                case when placed.visitor_key = exposures.visitor_key then 0 else 1 end asc,
                exposures.exposed_at asc,
                exposures.exposure_key asc
        ) as match_number
    from placed
    inner join exposures
        on
            (
                placed.visitor_key = exposures.visitor_key
                or placed.customer_key = exposures.customer_key
            )
            and placed.placed_at >= exposures.exposed_at
            and placed.placed_at
            < {{ dbt.dateadd('day', window_days, 'exposures.exposed_at') }}
),

bought as (
    select
        exposure_key,
        count(*) as order_count,
        cast(sum(net_amount) as numeric(18, 4)) as net_amount
    from matched
    where match_number = 1
    group by exposure_key
),

visitors as (
    select
        exposures.experiment_key,
        exposures.store_key,
        exposures.experiment_id,
        exposures.variant,
        exposures.has_seen_others,
        coalesce(bought.order_count, 0) as order_count,
        coalesce(bought.net_amount, 0) as net_amount
    from exposures
    left join bought on exposures.exposure_key = bought.exposure_key
    where exposures.variant is not null
),

final as (
    select
        {{ surrogate_key(['experiment_key', 'variant']) }} as experiment_variant_key,
        experiment_key,
        store_key,
        experiment_id,
        variant,
        count(*) as visitor_count,
        count(case when has_seen_others then 1 end) as mixed_visitor_count,
        count(case when order_count > 0 then 1 end) as converted_visitor_count,
        cast(sum(order_count) as bigint) as order_count,
        cast(sum(net_amount) as numeric(18, 4)) as net_amount,
        cast(sum({{ money_multiply('net_amount', 'net_amount') }}) as numeric(28, 4))
            as net_square_amount
    from visitors
    group by experiment_key, store_key, experiment_id, variant
)

select * from final
