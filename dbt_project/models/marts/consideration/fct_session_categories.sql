-- What a visit did in a category, and whether it did so anywhere, as its session says.
with sessions as (
    select * from {{ ref('fct_sessions') }}
),

web_events as (
    select * from {{ ref('fct_web_events') }}
    where
        session_key is not null
        and event_name in ('view_item', 'add_to_cart', 'add_to_wishlist')
),

web_event_items as (
    select * from {{ ref('fct_web_event_items') }}
),

products as (
    select * from {{ ref('dim_products') }}
),

by_item as (
    select
        web_events.session_key,
        coalesce(products.category, 'unknown') as product_category,
        coalesce(web_event_items.product_key, web_event_items.product_id, web_event_items.sku)
            as item,
        max(case when web_events.event_name = 'view_item' then 1 else 0 end) as viewed,
        max(case when web_events.event_name = 'add_to_cart' then 1 else 0 end) as carted,
        max(case when web_events.event_name = 'add_to_wishlist' then 1 else 0 end) as wished,
        min(
            case when web_events.event_name = 'view_item' then web_events.session_event_number end
        ) as first_view_number
    from web_events
    left join web_event_items
        on web_events.web_event_key = web_event_items.web_event_key
    left join products
        on web_event_items.product_key = products.product_key
    group by
        web_events.session_key,
        coalesce(products.category, 'unknown'),
        coalesce(web_event_items.product_key, web_event_items.product_id, web_event_items.sku)
),

by_category as (
    select
        session_key,
        product_category,
        max(viewed) as viewed,
        max(carted) as carted,
        max(case when item is not null then viewed * carted else 0 end) as carted_after_view,
        max(wished) as wished,
        min(first_view_number) as first_view_number
    from by_item
    group by session_key, product_category
),

-- The product that a visit landed on is the first that it viewed.
viewed_first as (
    select
        session_key,
        product_category,
        row_number() over (
            partition by session_key order by first_view_number, product_category
        ) as view_number
    from by_category
    where first_view_number is not null
),

landed as (
    select
        sessions.session_key,
        coalesce(viewed_first.product_category, 'unknown') as product_category
    from sessions
    left join viewed_first
        on
            sessions.session_key = viewed_first.session_key
            and viewed_first.view_number = 1
    where sessions.landing_page_type = 'product'
),

seen as (
    select
        session_key,
        product_category
    from by_category
    union
    select
        session_key,
        product_category
    from landed
),

placed as (
    select
        sessions.*,
        coalesce(seen.product_category, 'none') as product_category,
        row_number() over (
            partition by sessions.session_key order by seen.product_category
        ) as category_number
    from sessions
    left join seen on sessions.session_key = seen.session_key
),

final as (
    select
        {{ surrogate_key(['placed.session_key', 'placed.product_category']) }}
            as session_category_key,
        placed.session_key,
        placed.store_key,
        placed.channel_key,
        placed.campaign_key,
        placed.country_code,
        placed.device_category,
        case when placed.is_new_visitor then 'new' else 'returning' end as visitor_type,
        placed.product_category,
        coalesce(by_category.viewed, 0) = 1 as has_product_view,
        coalesce(by_category.carted, 0) = 1 as has_add_to_cart,
        coalesce(by_category.carted_after_view, 0) = 1 as has_add_to_cart_of_viewed_product,
        coalesce(by_category.wished, 0) = 1 as has_add_to_wishlist,
        landed.session_key is not null as is_landing,
        placed.has_product_view as session_has_product_view,
        placed.has_add_to_cart as session_has_add_to_cart,
        placed.has_add_to_cart_of_viewed_product as session_has_add_to_cart_of_viewed_product,
        placed.has_add_to_wishlist as session_has_add_to_wishlist,
        placed.is_engaged,
        placed.category_number = 1 as is_first_of_session,
        placed.session_date
    from placed
    left join by_category
        on
            placed.session_key = by_category.session_key
            and placed.product_category = by_category.product_category
    left join landed
        on
            placed.session_key = landed.session_key
            and placed.product_category = landed.product_category
)

select * from final
