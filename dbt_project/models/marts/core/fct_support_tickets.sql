{#
    The first response is the first public reply of a person to the customer's first message. A source
    that tells no messages may tell the reply itself.
#}
with tickets as (
    select * from {{ ref('int_support_tickets_unioned') }}
),

messages as (
    select * from {{ ref('int_support_messages_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
),

attached as (
    {{ attached('tickets', at='created_at', day='created_date') }}
),

asked as (
    select
        ticket_key,
        min(sent_at) as first_asked_at
    from messages
    where not is_from_agent and coalesce(is_public, true)
    group by ticket_key
),

answered as (
    select
        messages.ticket_key,
        min(messages.sent_at) as first_response_at
    from messages
    inner join asked
        on
            messages.ticket_key = asked.ticket_key
            and messages.sent_at >= asked.first_asked_at
    where
        messages.is_from_agent
        and coalesce(messages.is_public, true)
        and not coalesce(messages.is_automated, false)
    group by messages.ticket_key
),

timed as (
    select
        attached.*,
        coalesce(asked.first_asked_at, attached.created_at) as asked_at,
        case
            when asked.ticket_key is not null then answered.first_response_at
            else attached.first_response_at
        end as responded_at
    from attached
    left join asked on attached.ticket_key = asked.ticket_key
    left join answered on attached.ticket_key = answered.ticket_key
),

final as (
    select
        ticket_key,
        store_key,
        customer_key,
        {{ store_entity_key('order_id') }} as order_key,
        source_name,
        account_id,
        channel,
        reason,
        status,
        priority,
        satisfaction_score,
        message_count,
        cast(
            {{ seconds_between('asked_at', 'responded_at') }} / 60 as numeric(18, 3)
        ) as first_response_minutes,
        coalesce(is_spam, false) as is_spam,
        created_date,
        created_at,
        asked_at,
        responded_at as first_response_at,
        closed_at
    from timed
)

select * from final
