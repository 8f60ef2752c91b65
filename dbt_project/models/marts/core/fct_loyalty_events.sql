with events as (
    select * from {{ ref('int_loyalty_events_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
),

attached as (
    {{ attached('events', at='occurred_at', day='event_date', account_key='source_member_key') }}
),

final as (
    select
        loyalty_event_key,
        store_key,
        customer_key,
        {{ store_entity_key('order_id') }} as order_key,
        source_name,
        account_id,
        event_type,
        reason,
        points,
        event_date,
        occurred_at
    from attached
)

select * from final
