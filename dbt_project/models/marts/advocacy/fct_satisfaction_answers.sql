-- What customers answer on a scale of 1 to 5: after a ticket, on the day it was opened, for the
-- answer's own is not told; or in a survey.
with tickets as (
    select * from {{ ref('fct_support_tickets') }}
    where satisfaction_score is not null and not is_spam
),

responses as (
    select * from {{ ref('fct_survey_responses') }}
    where question_type = 'csat' and score is not null
),

answers as (
    select
        ticket_key as satisfaction_answer_key,
        store_key,
        customer_key,
        order_key,
        source_name,
        account_id,
        'ticket' as asked_about,
        satisfaction_score as score,
        created_date as answer_date
    from tickets
    union all
    select
        survey_response_key as satisfaction_answer_key,
        store_key,
        customer_key,
        order_key,
        source_name,
        account_id,
        'survey' as asked_about,
        score,
        response_date as answer_date
    from responses
),

final as (
    select
        satisfaction_answer_key,
        store_key,
        customer_key,
        order_key,
        source_name,
        account_id,
        asked_about,
        cast(score as bigint) as score,
        score >= 4 as is_satisfied,
        answer_date
    from answers
    where score between 1 and 5
)

select * from final
