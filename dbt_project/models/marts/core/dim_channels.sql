with channels as (
    select * from {{ ref('channels') }}
),

final as (
    select
        channel_key,
        channel_name,
        position,
        is_paid
    from channels
)

select * from final
