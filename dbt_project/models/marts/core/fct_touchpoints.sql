with touches as (
    select * from {{ ref('int_touches_found') }}
),

final as (
    select
        touch_key,
        customer_key,
        visitor_key,
        session_key,
        store_key,
        channel_key,
        campaign_key,
        touch_type,
        touch_date,
        touched_at
    from touches
)

select * from final
