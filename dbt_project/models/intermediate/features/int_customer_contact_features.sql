{#
    What a customer did beside buying in the 90 days to each snapshot. A count is null where the
    customer had never been seen on that way, and 0 where it was longer ago.
#}
{{ config(materialized='table') }}

with snapshots as (
    select * from {{ ref('int_snapshot_dates') }}
),

signals as (
    select * from {{ ref('int_customer_signals_daily') }}
),

messages as (
    select * from {{ ref('fct_email_messages') }}
    where customer_key is not null and channel = 'email'
),

tickets as (
    select * from {{ ref('fct_support_tickets') }}
    where customer_key is not null and not is_spam
),

answers as (
    select * from {{ ref('fct_survey_responses') }}
    where customer_key is not null and question_type = 'nps' and score is not null
),

contacts as (
    select
        customer_key,
        session_count,
        cast(null as bigint) as email_open_count,
        cast(null as bigint) as ticket_count,
        signal_date as contact_date
    from signals
    where session_count > 0
    union all
    select
        customer_key,
        cast(null as bigint) as session_count,
        open_count as email_open_count,
        cast(null as bigint) as ticket_count,
        signal_date as contact_date
    from signals
    where open_count > 0
    union all
    -- Who was written to, and opened nothing, has opened nothing.
    select
        customer_key,
        cast(null as bigint) as session_count,
        0 as email_open_count,
        cast(null as bigint) as ticket_count,
        min(sent_date) as contact_date
    from messages
    group by customer_key
    union all
    select
        customer_key,
        cast(null as bigint) as session_count,
        cast(null as bigint) as email_open_count,
        count(*) as ticket_count,
        created_date as contact_date
    from tickets
    group by customer_key, created_date
    union all
    select
        customer_key,
        cast(null as bigint) as session_count,
        cast(null as bigint) as email_open_count,
        cast(null as bigint) as ticket_count,
        min(response_date) as contact_date
    from answers
    group by customer_key
),

dated as (
    select
        contacts.customer_key,
        snapshots.snapshot_date,
        contacts.session_count,
        contacts.email_open_count,
        contacts.ticket_count,
        case
            when {{ days_between('contacts.contact_date', 'snapshots.snapshot_date') }} < 90 then 1
            else 0
        end as is_recent
    from contacts
    inner join snapshots on contacts.contact_date <= snapshots.snapshot_date
),

counted as (
    select
        customer_key,
        snapshot_date,
        sum(session_count * is_recent) as session_count_90d,
        sum(email_open_count * is_recent) as email_open_count_90d,
        sum(ticket_count * is_recent) as support_ticket_count_90d
    from dated
    group by customer_key, snapshot_date
),

scored as (
    select
        answers.customer_key,
        snapshots.snapshot_date,
        answers.score,
        row_number() over (
            partition by answers.customer_key, snapshots.snapshot_date
            order by answers.answered_at desc, answers.survey_response_key asc
        ) as number_from_last
    from answers
    inner join snapshots on answers.response_date <= snapshots.snapshot_date
),

final as (
    select
        counted.customer_key,
        cast(counted.session_count_90d as bigint) as session_count_90d,
        cast(counted.email_open_count_90d as bigint) as email_open_count_90d,
        cast(counted.support_ticket_count_90d as bigint) as support_ticket_count_90d,
        cast(scored.score as double precision) as last_nps_score,
        counted.snapshot_date
    from counted
    left join scored
        on
            counted.customer_key = scored.customer_key
            and counted.snapshot_date = scored.snapshot_date
            and scored.number_from_last = 1
)

select * from final
