{#
    Changes of a subscription's life: its type is null for what changes something else of it. A
    deletion ends it like a cancellation, and whatever brings it back resumes it.
#}
with source as (
    select * from {{ source('recharge', 'events') }}
),

renamed as (
    select
        _account_id as account_id,
        id as event_id,
        lower({{ blank_to_null('object_type') }}) as object_type,
        {{ blank_to_null('object_id') }} as object_id,
        lower({{ blank_to_null('verb') }}) as verb,
        {{ blank_to_null('description') }} as description,
        {{ to_utc('created_at') }} as occurred_at,
        _loaded_at
    from source
),

final as (
    select
        account_id,
        event_id,
        object_type,
        object_id,
        verb,
        description,
        case
            when object_type != 'subscription' then null
            when verb = 'created' then 'started'
            when verb = 'paused' then 'paused'
            when verb in ('activated', 'reactivated', 'resumed', 'unpaused') then 'resumed'
            when verb in ('cancelled', 'deleted') then 'cancelled'
            when verb = 'expired' then 'expired'
        end as event_type,
        occurred_at,
        _loaded_at
    from renamed
)

select * from final
