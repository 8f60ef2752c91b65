with messages as (
    select * from {{ ref('base_gorgias__messages') }}
),

final as (
    select
        account_id,
        message_id,
        ticket_id,
        channel,
        is_from_agent,
        is_automated,
        is_public,
        sent_at,
        _loaded_at
    from messages
)

select * from final
