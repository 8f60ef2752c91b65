{{ config(
    materialized='incremental',
    unique_key='web_event_item_key',
    post_hook=[
        "{{ forget_gone(
            ref('int_web_event_items_unioned'), 'web_event_item_key', is_one_for_one=false
        ) }}",
        "{{ forget_gone(ref('fct_web_events'), 'web_event_key', is_one_for_one=false) }}",
    ],
) }}

with web_events as (
    select * from {{ ref('fct_web_events') }}
),

matched as (
    select * from {{ ref('int_web_items_matched') }}
),

{% if is_incremental() -%}
own_loads as (
    select
        source_name,
        account_id,
        max(_loaded_at) as newest
    from {{ this }}
    group by source_name, account_id
),

-- Events that changed, whose items did, or that name what is another product by now.
touched_events as (
    select web_events.web_event_key
    from web_events
    where {{ built_since('web_events') }}
    union
    select items.web_event_key
    from {{ ref('int_web_event_items_unioned') }} as items
    left join own_loads
        on
            items.source_name = own_loads.source_name
            and items.account_id = own_loads.account_id
    where own_loads.newest is null or items._loaded_at > own_loads.newest
    union
    select own.web_event_key
    from {{ this }} as own
    left join matched
        on own.web_item_key = matched.web_item_key
    where
        own.product_key is distinct from matched.product_key
        or own.variant_key is distinct from matched.variant_key
),

{% endif -%}
web_event_items as (
    select * from {{ ref('int_web_event_items_unioned') }}
    {%- if is_incremental() %}
    where web_event_key in (select * from touched_events)
    {%- endif %}
),

in_stores as (
    select
        web_event_items.*,
        web_events.session_key,
        web_events.store_key,
        web_events.event_name,
        web_events.currency_code as event_currency_code,
        web_events.event_date,
        web_events.occurred_at,
        {{ surrogate_key([
            'web_events.store_key', 'web_event_items.product_id', 'web_event_items.variant_id',
            'web_event_items.sku',
        ]) }} as web_item_key
    from web_event_items
    inner join web_events
        on web_event_items.web_event_key = web_events.web_event_key
),

final as (
    select
        in_stores.web_event_item_key,
        in_stores.web_event_key,
        in_stores.session_key,
        in_stores.store_key,
        in_stores.web_item_key,
        matched.product_key,
        matched.variant_key,
        in_stores.source_name,
        in_stores.account_id,
        in_stores.event_name,
        in_stores.product_id,
        in_stores.variant_id,
        in_stores.sku,
        in_stores.item_name,
        in_stores.category,
        coalesce(in_stores.currency_code, in_stores.event_currency_code) as currency_code,
        in_stores.item_index,
        in_stores.quantity,
        in_stores.price_amount as price_store_amount,
        in_stores.event_date,
        in_stores.occurred_at,
        in_stores._loaded_at,
        {{ built_at() }} as _built_at
    from in_stores
    left join matched
        on in_stores.web_item_key = matched.web_item_key
)

select * from final
