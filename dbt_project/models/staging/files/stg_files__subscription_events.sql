with source as (
    select * from {{ source('files', 'subscription_events') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('event_id') }} as event_id,
        {{ blank_to_null('subscription_id') }} as subscription_id,
        lower({{ blank_to_null('event_type') }}) as event_type,
        {{ to_utc('occurred_at') }} as occurred_at,
        _loaded_at
    from source
)

select * from renamed
