{#
    The events, and where none tells of a start or an end (they may not be kept for ever), the
    subscription's own dates.
#}
with events as (
    select * from {{ ref('base_recharge__events') }}
),

subscriptions as (
    select * from {{ ref('base_recharge__subscriptions') }}
),

told as (
    select
        account_id,
        event_id,
        object_id as subscription_id,
        event_type,
        occurred_at,
        _loaded_at
    from events
    where event_type is not null
),

known as (
    select distinct
        account_id,
        subscription_id,
        event_type
    from told
),

dates as (
    select
        account_id,
        subscription_id,
        'started' as event_type,
        started_at as occurred_at,
        _loaded_at
    from subscriptions
    union all
    select
        account_id,
        subscription_id,
        'cancelled' as event_type,
        cancelled_at as occurred_at,
        _loaded_at
    from subscriptions
    where cancelled_at is not null
),

untold as (
    select
        dates.account_id,
        dates.subscription_id || ':' || dates.event_type as event_id,
        dates.subscription_id,
        dates.event_type,
        dates.occurred_at,
        dates._loaded_at
    from dates
    left join known
        on
            dates.account_id = known.account_id
            and dates.subscription_id = known.subscription_id
            and dates.event_type = known.event_type
    where known.event_type is null
),

final as (
    select
        account_id,
        event_id,
        subscription_id,
        event_type,
        occurred_at,
        _loaded_at
    from told
    union all
    select
        account_id,
        event_id,
        subscription_id,
        event_type,
        occurred_at,
        _loaded_at
    from untold
)

select * from final
