with source as (
    select * from {{ source('typeform', 'form_fields') }}
),

renamed as (
    select
        _account_id as account_id,
        form_id as survey_id,
        id as question_id,
        question_type
    from source
)

select * from renamed
