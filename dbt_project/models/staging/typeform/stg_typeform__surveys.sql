with source as (
    select * from {{ source('typeform', 'forms') }}
),

renamed as (
    select
        _account_id as account_id,
        id as survey_id,
        {{ blank_to_null('title') }} as survey_title,
        lower({{ blank_to_null('language') }}) as language_code,
        {{ to_utc('created_at') }} as created_at,
        {{ to_utc('last_updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
