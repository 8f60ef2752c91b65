with source as (
    select * from {{ source('recharge', 'customers') }}
),

renamed as (
    select
        _account_id as account_id,
        id as customer_id,
        {{ blank_to_null('external_customer_id') }} as external_customer_id,
        {{ blank_to_null('email') }} as email,
        {{ to_utc('created_at') }} as created_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
