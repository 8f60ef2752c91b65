with tickets as (
    select * from {{ ref('fct_support_tickets') }}
    where not is_spam
),

final as (
    select
        {{ surrogate_key(['store_key', 'reason', 'channel', 'created_date']) }}
            as support_daily_key,
        store_key,
        reason,
        channel,
        count(*) as ticket_count,
        count(first_response_at) as responded_count,
        count(closed_at) as closed_count,
        count(satisfaction_score) as scored_count,
        count(case when satisfaction_score >= 4 then ticket_key end) as satisfied_count,
        count(case when satisfaction_score <= 2 then ticket_key end) as dissatisfied_count,
        cast(coalesce(sum(first_response_minutes), 0) as numeric(18, 3))
            as first_response_minutes,
        cast(
            coalesce(sum({{ seconds_between('created_at', 'closed_at') }} / 3600), 0)
            as numeric(18, 3)
        ) as resolution_hours,
        cast(coalesce(sum(message_count), 0) as bigint) as message_count,
        created_date
    from tickets
    group by store_key, reason, channel, created_date
)

select * from final
