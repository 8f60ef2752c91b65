-- What the star comes to, written by hand for one shop platform, one event source and DuckDB alone:
-- the same joins, conversions and sessions, without identity, quality rules, seams and tests.
create table rates as
select
    days.rate_date,
    currencies.currency_code,
    coalesce(rates.rate, 1) as to_euro
from (
    select cast(unnest(generate_series(date '2024-06-01', date '2026-08-31', interval 1 day)) as date)
        as rate_date
) as days
cross join (select distinct currency_code from raw.raw_shopify.orders) as currencies
asof left join (
    select rate_date, quote_currency_code, 1 / rate as rate from raw.raw_fx_rates.fx_rates
) as rates
    on
        currencies.currency_code = rates.quote_currency_code
        and days.rate_date >= rates.rate_date;

create table orders as
select
    orders.*,
    shops.iana_timezone,
    cast(orders.processed_at at time zone shops.iana_timezone as date) as order_date,
    row_number() over (
        partition by orders._account_id, orders.customer_id order by orders.processed_at, orders.id
    ) as purchase_number
from raw.raw_shopify.orders as orders
inner join raw.raw_shopify.shops as shops on orders._account_id = shops._account_id
where not orders.test and not orders.is_deleted;

create table order_lines as
select
    lines.*,
    orders.customer_id as order_customer_id,
    orders.order_date,
    products.product_type,
    round(lines.original_total * rates.to_euro, 4) as gross_amount,
    round(lines.discount_allocations__total * rates.to_euro, 4) as discount_amount,
    round(lines.tax_lines__total * rates.to_euro, 4) as tax_amount,
    parcels.delivered_at
from raw.raw_shopify.order_lines as lines
inner join orders on lines._account_id = orders._account_id and lines.order_id = orders.id
left join rates
    on orders.currency_code = rates.currency_code and orders.order_date = rates.rate_date
left join (
    select distinct on (_account_id, id) * from raw.raw_shopify.products
) as products
    on lines._account_id = products._account_id and lines.product_id = products.id
left join (
    select
        parts._account_id,
        parts.line_id,
        max(parcels.delivered_at) as delivered_at
    from raw.raw_shopify.fulfillment_lines as parts
    inner join raw.raw_shopify.fulfillments as parcels
        on parts._account_id = parcels._account_id and parts.fulfillment_id = parcels.id
    group by all
) as parcels
    on lines._account_id = parcels._account_id and lines.id = parcels.line_id;

create table sales_movements as
select
    sales.*,
    orders.customer_id,
    orders.order_date,
    lines.product_id,
    cast(sales.happened_at at time zone orders.iana_timezone as date) as movement_date,
    round(sales.total_amount * rates.to_euro, 4) as amount,
    round(sales.total_tax_amount * rates.to_euro, 4) as tax_amount
from raw.raw_shopify.order_agreement_sales as sales
inner join orders on sales._account_id = orders._account_id and sales.order_id = orders.id
left join order_lines as lines
    on sales._account_id = lines._account_id and sales.line_id = lines.id
left join rates
    on
        orders.currency_code = rates.currency_code
        and cast(sales.happened_at at time zone orders.iana_timezone as date) = rates.rate_date;

create table customers as
select
    _account_id,
    customer_id,
    min(order_date) as first_order_date,
    max(order_date) as last_order_date,
    count(*) as order_count
from orders
group by all;

create table web_events as
select
    events._account_id,
    events.event_id,
    events.event_name,
    events.user_pseudo_id,
    events.user_id,
    events.event_date,
    events.occurred_at,
    events.param__page_location,
    events.device__category,
    events.geo__country,
    events.param__engagement_time_msec,
    events.ecommerce__transaction_id,
    coalesce(events.collected_traffic_source__manual_source, events.param__source) as source,
    coalesce(events.collected_traffic_source__manual_medium, events.param__medium) as medium,
    coalesce(events.collected_traffic_source__manual_campaign_name, events.param__campaign)
        as campaign,
    case
        when events.user_pseudo_id is not null
            then hash(events._account_id, events.user_pseudo_id, events.param__ga_session_id)
    end as session_key,
    row_number() over (
        partition by events._account_id, events.user_pseudo_id, events.param__ga_session_id
        order by events.occurred_at, events.event_name != 'page_view', events.event_id
    ) as session_event_number
from raw.raw_ga4_events.events as events;

create table sessions as
with summed as (
    select
        session_key,
        any_value(user_pseudo_id) as user_pseudo_id,
        any_value(_account_id) as _account_id,
        count(*) as event_count,
        count(*) filter (where event_name = 'page_view') as page_view_count,
        count(*) filter (where event_name = 'purchase') as order_count,
        sum(param__engagement_time_msec) as engaged_milliseconds,
        bool_or(event_name = 'add_to_cart') as has_add_to_cart,
        bool_or(event_name = 'begin_checkout') as has_checkout,
        arg_min(source, session_event_number) filter (where source is not null) as source,
        arg_min(medium, session_event_number) filter (where source is not null) as medium,
        arg_min(campaign, session_event_number) filter (where source is not null) as campaign,
        arg_min(user_id, session_event_number) filter (where user_id is not null) as user_id,
        arg_min(device__category, session_event_number) as device_category,
        arg_min(geo__country, session_event_number) as country,
        arg_min(param__page_location, session_event_number) as landing_page,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at
    from web_events
    where session_key is not null
    group by session_key
)

select
    *,
    row_number() over visits as session_number,
    lead(started_at) over visits as next_started_at
from summed
window visits as (partition by _account_id, user_pseudo_id order by started_at, session_key);

create table web_event_items as
select
    items.*,
    events.session_key,
    events.event_name,
    events.occurred_at,
    variants.product_id
from raw.raw_ga4_events.event_items as items
inner join web_events as events on items.event_id = events.event_id
left join (
    select distinct on (_account_id, sku) _account_id, sku, product_id
    from raw.raw_shopify.product_variants
) as variants
    on items._account_id = variants._account_id and items.item_id = variants.sku;

create table order_sessions as
select
    orders.id,
    events.session_key,
    sessions.source,
    sessions.medium,
    sessions.campaign
from orders
inner join web_events as events
    on orders.id = events.ecommerce__transaction_id and events.event_name = 'purchase'
inner join sessions on events.session_key = sessions.session_key;
