-- Messages as they were written, with the name that the newest event tells.
with email_events as (
    select * from {{ ref('int_email_events_unioned') }}
    where template_id is not null
),

ranked as (
    select
        {{ surrogate_key(['source_name', 'account_id', 'template_id']) }} as template_key,
        template_name,
        row_number() over (
            partition by source_name, account_id, template_id
            order by occurred_at desc, email_event_key asc
        ) as number_from_last
    from email_events
)

select
    template_key,
    template_name
from ranked
where number_from_last = 1
