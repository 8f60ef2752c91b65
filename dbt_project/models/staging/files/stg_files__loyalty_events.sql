with source as (
    select * from {{ source('files', 'loyalty_events') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('event_id') }} as event_id,
        {{ blank_to_null('member_id') }} as member_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('email') }} as email,
        lower({{ blank_to_null('event_type') }}) as event_type,
        {{ blank_to_null('reason') }} as reason,
        {{ blank_to_null('order_id') }} as order_id,
        cast(points as numeric(18, 3)) as points,
        {{ to_utc('occurred_at') }} as occurred_at,
        _loaded_at
    from source
)

select * from renamed
