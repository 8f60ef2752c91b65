with source as (
    select * from {{ source('web_events', 'events') }}
),

renamed as (
    select
        _account_id as account_id,
        event_id as exposure_id,
        {{ blank_to_null('property__experiment_id') }} as experiment_id,
        {{ blank_to_null('property__variation') }} as variant,
        {{ blank_to_null('anonymous_id') }} as visitor_id,
        {{ blank_to_null('user_id') }} as customer_id,
        {{ to_utc('occurred_at') }} as exposed_at,
        _loaded_at
    from source
    where
        type = 'track'
        and replace(lower(trim(event)), ' ', '_') = 'experiment_viewed'
        and coalesce(has_consent, true)
        and occurred_at is not null
)

select * from renamed
