-- Only those who have another segment than at the snapshot before, and those who are new to it.
with snapshots as (
    select * from {{ ref('fct_customer_rfm_history') }}
),

followed as (
    select
        customer_key,
        segment_name,
        lag(segment_name) over (
            partition by customer_key order by snapshot_date
        ) as previous_segment_name,
        net_amount,
        lag(net_amount) over (
            partition by customer_key order by snapshot_date
        ) as previous_net_amount,
        snapshot_date
    from snapshots
),

final as (
    select
        {{ surrogate_key(['customer_key', 'snapshot_date']) }} as segment_move_key,
        customer_key,
        previous_segment_name,
        segment_name,
        cast(net_amount - coalesce(previous_net_amount, 0) as numeric(18, 4)) as net_change_amount,
        snapshot_date
    from followed
    where previous_segment_name is null or previous_segment_name != segment_name
)

select * from final
