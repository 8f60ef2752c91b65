with source as (
    select * from {{ source('typeform', 'responses') }}
),

renamed as (
    select
        _account_id as account_id,
        form_id as survey_id,
        token as response_id,
        {{ blank_to_null('order_id') }} as order_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        lower({{ blank_to_null('email') }}) as email
    from source
)

select * from renamed
