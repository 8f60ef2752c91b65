with web_event_items as (
    select * from {{ ref('int_web_event_items_unioned') }}
),

web_events as (
    select * from {{ ref('fct_web_events') }}
),

matched as (
    select * from {{ ref('int_web_items_matched') }}
),

final as (
    select
        web_event_items.web_event_item_key,
        web_event_items.web_event_key,
        web_events.session_key,
        web_events.store_key,
        matched.product_key,
        matched.variant_key,
        web_event_items.source_name,
        web_event_items.account_id,
        web_events.event_name,
        web_event_items.product_id,
        web_event_items.variant_id,
        web_event_items.sku,
        web_event_items.item_name,
        web_event_items.category,
        coalesce(web_event_items.currency_code, web_events.currency_code) as currency_code,
        web_event_items.item_index,
        web_event_items.quantity,
        web_event_items.price_amount as price_store_amount,
        web_events.event_date,
        web_events.occurred_at
    from web_event_items
    inner join web_events
        on web_event_items.web_event_key = web_events.web_event_key
    left join matched
        on
            {{ surrogate_key([
                'web_events.store_key', 'web_event_items.product_id',
                'web_event_items.variant_id', 'web_event_items.sku',
            ]) }} = matched.web_item_key
)

select * from final
