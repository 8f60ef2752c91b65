with tickets as (
    select * from {{ ref('base_gorgias__tickets') }}
),

surveys as (
    select * from {{ ref('base_gorgias__satisfaction_surveys') }}
),

messages as (
    select * from {{ ref('base_gorgias__messages') }}
    where is_public
),

first_questions as (
    select
        account_id,
        ticket_id,
        min(sent_at) as asked_at
    from messages
    where not is_from_agent
    group by account_id, ticket_id
),

-- What an agent wrote before the customer did is no answer, nor is what a rule wrote.
first_responses as (
    select
        messages.account_id,
        messages.ticket_id,
        min(messages.sent_at) as first_response_at
    from messages
    inner join first_questions
        on
            messages.account_id = first_questions.account_id
            and messages.ticket_id = first_questions.ticket_id
            and messages.sent_at > first_questions.asked_at
    where messages.is_from_agent and not messages.is_automated
    group by messages.account_id, messages.ticket_id
),

final as (
    select
        tickets.account_id,
        tickets.ticket_id,
        tickets.customer_id,
        tickets.email,
        tickets.order_id,
        tickets.channel,
        tickets.reason,
        tickets.status,
        tickets.priority,
        surveys.satisfaction_score,
        tickets.message_count,
        tickets.is_spam,
        tickets.created_at,
        first_responses.first_response_at,
        tickets.closed_at,
        tickets.updated_at,
        tickets._loaded_at
    from tickets
    left join surveys
        on tickets.account_id = surveys.account_id and tickets.ticket_id = surveys.ticket_id
    left join first_responses
        on
            tickets.account_id = first_responses.account_id
            and tickets.ticket_id = first_responses.ticket_id
)

select * from final
