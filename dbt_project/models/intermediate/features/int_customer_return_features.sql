-- What a customer had kept and given back by each snapshot's day, and what it had brought.
{{ config(materialized='table') }}

with movements as (
    select * from {{ ref('fct_sales_movements') }}
    where customer_key is not null and movement_date <= {{ as_of() }}
),

lines as (
    select * from {{ ref('fct_order_lines') }}
    where line_type = 'goods' and customer_key is not null
),

stores as (
    select * from {{ ref('dim_stores') }}
),

snapshots as (
    select * from {{ ref('int_snapshot_dates') }}
),

delivered as (
    select
        lines.order_line_key,
        lines.customer_key,
        {{ local_date('lines.delivered_at', 'stores.timezone') }} as delivered_date
    from lines
    inner join stores on lines.store_key = stores.store_key
    where lines.delivered_at is not null
),

marked as (
    select
        movements.customer_key,
        movements.movement_date,
        movements.net_amount,
        movements.return_amount,
        movements.net_amount + movements.return_amount as bought_amount,
        movements.quantity,
        movements.movement_type = 'return' as is_return,
        movements.line_type = 'goods' as is_goods,
        -- Of what nobody says when it came, the days run from the order.
        case
            when movements.movement_type = 'return' and movements.line_type = 'goods'
                then
                    {{ days_between(
                        "case
                            when delivered.delivered_date <= movements.movement_date
                                then delivered.delivered_date
                            else movements.order_date
                        end",
                        'movements.movement_date'
                    ) }}
        end as days_to_return
    from movements
    left join delivered on movements.order_line_key = delivered.order_line_key
),

changes as (
    select
        customer_key,
        movement_date as change_date,
        sum(net_amount) as net_revenue_amount,
        sum(bought_amount) as bought_amount,
        sum(return_amount) as returned_amount,
        sum(case when is_goods and not is_return then quantity else 0 end) as bought_unit_count,
        sum(case when is_goods and is_return then -quantity else 0 end) as returned_unit_count,
        count(days_to_return) as returned_line_count,
        sum(days_to_return) as days_to_return,
        cast(null as date) as delivered_date
    from marked
    group by customer_key, movement_date
    union all
    select distinct
        customer_key,
        delivered_date as change_date,
        0 as net_revenue_amount,
        0 as bought_amount,
        0 as returned_amount,
        0 as bought_unit_count,
        0 as returned_unit_count,
        0 as returned_line_count,
        0 as days_to_return,
        delivered_date
    from delivered
),

known as (
    select
        changes.customer_key,
        snapshots.snapshot_date,
        sum(changes.net_revenue_amount) as net_revenue_amount,
        sum(changes.bought_amount) as bought_amount,
        sum(changes.returned_amount) as returned_amount,
        sum(changes.bought_unit_count) as bought_unit_count,
        sum(changes.returned_unit_count) as returned_unit_count,
        sum(changes.returned_line_count) as returned_line_count,
        sum(changes.days_to_return) as days_to_return,
        max(changes.delivered_date) as last_delivery_date
    from changes
    inner join snapshots on changes.change_date <= snapshots.snapshot_date
    group by changes.customer_key, snapshots.snapshot_date
),

final as (
    select
        customer_key,
        cast(net_revenue_amount as numeric(18, 4)) as net_revenue_amount,
        {{ safe_divide(
            'returned_unit_count', 'case when bought_unit_count > 0 then bought_unit_count end'
        ) }} as returned_unit_share,
        {{ safe_divide('returned_amount', 'case when bought_amount > 0 then bought_amount end') }}
            as returned_value_share,
        {{ safe_divide('days_to_return', 'returned_line_count') }} as mean_days_to_return,
        {{ days_between('last_delivery_date', 'snapshot_date') }} as days_since_last_delivery,
        snapshot_date
    from known
)

select * from final
