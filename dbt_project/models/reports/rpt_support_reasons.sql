-- Medians are of the tickets themselves: those of days do not make one.
with tickets as (
    select * from {{ ref('fct_support_tickets') }}
    where not is_spam
),

dates as (
    select * from {{ ref('dim_dates') }}
),

timed as (
    select
        tickets.store_key,
        coalesce(tickets.reason, 'unknown') as reason,
        tickets.ticket_key,
        tickets.first_response_minutes,
        {{ seconds_between('tickets.created_at', 'tickets.closed_at') }} / 3600
            as resolution_hours,
        tickets.satisfaction_score,
        dates.month_start_date
    from tickets
    inner join dates on tickets.created_date = dates.date_day
),

final as (
    select
        {{ surrogate_key(['store_key', 'reason', 'month_start_date']) }} as support_reason_key,
        store_key,
        reason,
        count(*) as ticket_count,
        count(first_response_minutes) as responded_count,
        count(resolution_hours) as closed_count,
        count(satisfaction_score) as scored_count,
        {{ percentile('first_response_minutes', 0.5) }} as median_first_response_minutes,
        {{ percentile('resolution_hours', 0.5) }} as median_resolution_hours,
        {{ safe_divide('sum(satisfaction_score)', 'count(satisfaction_score)') }}
            as average_satisfaction_score,
        {{ safe_divide(
            'count(case when satisfaction_score >= 4 then ticket_key end)',
            'count(satisfaction_score)',
        ) }} as satisfied_rate,
        month_start_date
    from timed
    group by store_key, reason, month_start_date
)

select * from final
