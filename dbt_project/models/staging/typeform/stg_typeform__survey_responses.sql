with answers as (
    select * from {{ ref('base_typeform__response_answers') }}
),

responses as (
    select * from {{ ref('base_typeform__responses') }}
),

questions as (
    select * from {{ ref('base_typeform__form_fields') }}
),

final as (
    select
        answers.account_id,
        answers.response_id,
        answers.survey_id,
        answers.question_id,
        -- A question that has left the form since has no definition any more.
        coalesce(questions.question_type, 'other') as question_type,
        responses.order_id,
        responses.customer_id,
        responses.email,
        answers.score,
        answers.answer_text,
        answers.answered_at,
        answers._loaded_at
    from answers
    inner join responses
        on
            answers.account_id = responses.account_id
            and answers.survey_id = responses.survey_id
            and answers.response_id = responses.response_id
    left join questions
        on
            answers.account_id = questions.account_id
            and answers.survey_id = questions.survey_id
            and answers.question_id = questions.question_id
)

select * from final
