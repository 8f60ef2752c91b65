with source as (
    select * from {{ source('typeform', 'response_answers') }}
),

renamed as (
    select
        _account_id as account_id,
        form_id as survey_id,
        token as response_id,
        field__id as question_id,
        cast(number as bigint) as score,
        {{ blank_to_null('text') }} as answer_text,
        {{ to_utc('submitted_at') }} as answered_at,
        _loaded_at
    from source
)

select * from renamed
