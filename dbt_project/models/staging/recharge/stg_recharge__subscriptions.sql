{#
    A pause is told by an event, not always by the status; so is a deletion, after which the
    subscription's row is no longer sent.
#}
with subscriptions as (
    select * from {{ ref('base_recharge__subscriptions') }}
),

events as (
    select * from {{ ref('base_recharge__events') }}
),

customers as (
    select * from {{ ref('base_recharge__customers') }}
),

ranked as (
    select
        account_id,
        object_id as subscription_id,
        event_type,
        occurred_at,
        row_number() over (
            partition by account_id, object_id order by occurred_at desc, event_id desc
        ) as event_number
    from events
    where event_type is not null
),

final as (
    select
        subscriptions.account_id,
        subscriptions.subscription_id,
        subscriptions.customer_id,
        customers.email,
        subscriptions.product_id,
        case
            when subscriptions.status = 'active' and ranked.event_type in ('paused', 'cancelled')
                then ranked.event_type
            else subscriptions.status
        end as status,
        subscriptions.currency_code,
        subscriptions.price_amount,
        subscriptions.interval_days,
        subscriptions.started_at,
        case
            when subscriptions.status in ('active', 'paused') and ranked.event_type = 'paused'
                then ranked.occurred_at
        end as paused_at,
        case
            when subscriptions.status = 'active' and ranked.event_type = 'cancelled'
                then ranked.occurred_at
            else subscriptions.cancelled_at
        end as cancelled_at,
        subscriptions.updated_at,
        subscriptions._loaded_at
    from subscriptions
    left join customers
        on
            subscriptions.account_id = customers.account_id
            and subscriptions.customer_id = customers.customer_id
    left join ranked
        on
            subscriptions.account_id = ranked.account_id
            and subscriptions.subscription_id = ranked.subscription_id
            and ranked.event_number = 1
)

select * from final
