-- Of those who were in a segment at the newest month's end that is a year ago, the share that has
-- not bought in the year after it. A share of few is none.
with snapshots as (
    select * from {{ ref('fct_customer_rfm_history') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
    where counts_as_purchase and customer_key is not null and order_date <= {{ as_of() }}
),

newest as (
    select max(snapshot_date) as snapshot_date
    from snapshots
    where {{ dbt.dateadd('day', 365, 'snapshot_date') }} <= {{ as_of() }}
),

members as (
    select
        snapshots.customer_key,
        snapshots.segment_name,
        snapshots.snapshot_date
    from snapshots
    inner join newest on snapshots.snapshot_date = newest.snapshot_date
),

kept as (
    select distinct members.customer_key
    from members
    inner join orders
        on
            members.customer_key = orders.customer_key
            and members.snapshot_date < orders.order_date
    where orders.order_date <= {{ dbt.dateadd('day', 365, 'members.snapshot_date') }}
),

final as (
    select
        members.segment_name,
        cast(count(*) as bigint) as customer_count,
        cast(count(*) - count(kept.customer_key) as bigint) as churned_count,
        case
            when count(*) >= {{ var('segment_churn_count') }}
                then {{ safe_divide('count(*) - count(kept.customer_key)', 'count(*)') }}
        end as yearly_churn_rate,
        members.snapshot_date
    from members
    left join kept on members.customer_key = kept.customer_key
    group by members.segment_name, members.snapshot_date
)

select * from final
