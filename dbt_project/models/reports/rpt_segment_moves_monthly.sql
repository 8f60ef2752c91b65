with snapshots as (
    select * from {{ ref('fct_customer_rfm_history') }}
),

followed as (
    select
        customer_key,
        segment_name,
        coalesce(
            lag(segment_name) over (partition by customer_key order by snapshot_date), 'none'
        ) as previous_segment_name,
        snapshot_date
    from snapshots
),

counted as (
    select
        snapshot_date,
        previous_segment_name,
        segment_name,
        count(*) as customer_count
    from followed
    group by snapshot_date, previous_segment_name, segment_name
),

final as (
    select
        {{ surrogate_key(['snapshot_date', 'previous_segment_name', 'segment_name']) }}
            as segment_move_key,
        cast(previous_segment_name as varchar) as previous_segment_name,
        segment_name,
        cast(customer_count as bigint) as customer_count,
        {{ safe_divide(
            'customer_count',
            'sum(customer_count) over (partition by snapshot_date, previous_segment_name)',
        ) }} as customer_rate,
        previous_segment_name = segment_name as is_stay,
        snapshot_date
    from counted
)

select * from final
