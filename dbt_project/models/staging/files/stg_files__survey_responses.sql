with source as (
    select * from {{ source('files', 'survey_responses') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('response_id') }} as response_id,
        {{ blank_to_null('survey_id') }} as survey_id,
        {{ blank_to_null('question_id') }} as question_id,
        lower({{ blank_to_null('question_type') }}) as question_type,
        {{ blank_to_null('order_id') }} as order_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('email') }} as email,
        cast(score as bigint) as score,
        {{ blank_to_null('answer_text') }} as answer_text,
        {{ to_utc('answered_at') }} as answered_at,
        _loaded_at
    from source
)

select * from renamed
