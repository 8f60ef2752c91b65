with source as (
    select * from {{ source('yotpo', 'questions') }}
),

renamed as (
    select
        _account_id as account_id,
        cast(id as varchar) as question_id,
        {{ blank_to_null('product_id') }} as product_id,
        {{ blank_to_null('content') }} as body,
        coalesce(answer_count, 0) > 0 as is_answered,
        {{ to_utc('created_at') }} as created_at,
        _loaded_at
    from source
)

select * from renamed
