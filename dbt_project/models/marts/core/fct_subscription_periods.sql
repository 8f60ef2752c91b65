{#
    From when to when a subscription was active without a break. A source that tells no changes tells
    when it began and when it was paused or cancelled: that is one period.
#}
with subscriptions as (
    select * from {{ ref('int_subscriptions_unioned') }}
),

events as (
    select * from {{ ref('int_subscription_events_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
),

attached as (
    {{ attached('subscriptions', at='started_at', day='start_date') }}
),

told as (
    select distinct subscription_key
    from events
),

switches as (
    select
        subscription_key,
        event_type in ('started', 'resumed') as is_active,
        occurred_at,
        subscription_event_key as tie_breaker
    from events
    where event_type in ('started', 'paused', 'resumed', 'cancelled', 'expired')
    union all
    select
        subscriptions.subscription_key,
        true as is_active,
        subscriptions.started_at as occurred_at,
        '' as tie_breaker
    from subscriptions
    left join told on subscriptions.subscription_key = told.subscription_key
    where told.subscription_key is null and subscriptions.started_at is not null
    union all
    select
        subscriptions.subscription_key,
        false as is_active,
        coalesce(subscriptions.cancelled_at, subscriptions.paused_at) as occurred_at,
        '~' as tie_breaker
    from subscriptions
    left join told on subscriptions.subscription_key = told.subscription_key
    where
        told.subscription_key is null
        and coalesce(subscriptions.cancelled_at, subscriptions.paused_at) is not null
),

compared as (
    select
        switches.*,
        lag(switches.is_active) over (
            partition by switches.subscription_key
            order by switches.occurred_at asc, switches.tie_breaker asc
        ) as was_active
    from switches
),

-- Pausing what is paused changes nothing.
changes as (
    select * from compared
    where is_active != coalesce(was_active, false)
),

paired as (
    select
        subscription_key,
        is_active,
        occurred_at as started_at,
        lead(occurred_at) over (
            partition by subscription_key order by occurred_at asc, tie_breaker asc
        ) as ended_at,
        tie_breaker
    from changes
),

started as (
    select
        attached.*,
        {{ store_entity_key('product_id') }} as store_product_key
    from attached
),

numbered as (
    select
        paired.*,
        row_number() over (
            partition by paired.subscription_key
            order by paired.started_at asc, paired.tie_breaker asc
        ) as period_number
    from paired
    where paired.is_active
),

final as (
    select
        {{ surrogate_key(['numbered.subscription_key', 'numbered.period_number']) }}
            as subscription_period_key,
        numbered.subscription_key,
        started.store_key,
        started.customer_key,
        started.store_product_key as product_key,
        started.source_name,
        started.account_id,
        numbered.period_number,
        numbered.ended_at is null as is_open,
        {{ local_date('numbered.started_at', "coalesce(stores.timezone, 'UTC')") }} as start_date,
        {{ local_date('numbered.ended_at', "coalesce(stores.timezone, 'UTC')") }} as end_date,
        numbered.started_at,
        numbered.ended_at
    from numbered
    inner join started on numbered.subscription_key = started.subscription_key
    left join accounts as stores
        on
            started.source_name = stores.source_name
            and started.account_id = stores.account_id
)

select * from final
