with source as (
    select * from {{ source('files', 'order_costs') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('order_cost_id') }} as order_cost_id,
        lower({{ blank_to_null('order_source_name') }}) as order_source_name,
        {{ blank_to_null('order_account_id') }} as order_account_id,
        {{ blank_to_null('order_id') }} as order_id,
        lower({{ blank_to_null('cost_type') }}) as cost_type,
        upper({{ blank_to_null('currency_code') }}) as currency_code,
        cast(amount as numeric(18, 4)) as amount,
        cast(cost_date as date) as cost_date,
        _loaded_at
    from source
)

select * from renamed
