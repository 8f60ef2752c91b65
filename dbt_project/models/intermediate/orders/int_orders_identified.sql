{{ config(materialized='table') }}

with orders as (
    select * from {{ ref('int_orders_unioned') }}
),

stores as (
    select * from {{ ref('int_stores_completed') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
),

rules as (
    select * from {{ ref('order_status_rules') }}
),

keyed as (
    select
        orders.*,
        {{ identifying_key('source_customer_key', 'email', 'phone') }} as identifier_key
    from orders
),

located as (
    select
        orders.order_key,
        orders.store_key,
        identifiers.customer_key,
        orders.source_name,
        orders.account_id,
        orders.order_id,
        orders.order_number,
        orders.checkout_id,
        coalesce(orders.currency_code, stores.currency_code) as currency_code,
        orders.presentment_currency_code,
        orders.order_status,
        orders.payment_status,
        orders.fulfillment_status,
        orders.sales_channel,
        orders.discount_codes,
        orders.country_code,
        orders.region,
        case
            when orders.is_deleted then 'deleted'
            when orders.is_test then 'test'
            when orders.cancelled_at is not null then 'cancelled'
            else coalesce(orders.order_status, '')
        end as rule_status,
        coalesce(orders.payment_status, '') as rule_payment_status,
        orders.total_amount,
        orders.tax_amount,
        orders.shipping_amount,
        orders.discount_amount,
        orders.presentment_total_amount,
        coalesce(orders.is_tax_inclusive, stores.is_tax_inclusive) as is_tax_inclusive,
        coalesce(orders.is_test, false) as is_test,
        coalesce(orders.is_deleted, false) as is_deleted,
        {{ local_date('orders.placed_at', 'stores.timezone') }} as order_date,
        orders.placed_at,
        orders.cancelled_at,
        orders.updated_at
    from keyed as orders
    inner join stores on orders.store_key = stores.store_key
    left join identifiers on orders.identifier_key = identifiers.identifier_key
),

statuses as (
    select distinct
        source_name,
        rule_status,
        rule_payment_status
    from located
),

matched as (
    select
        statuses.source_name,
        statuses.rule_status,
        statuses.rule_payment_status,
        rules.counts_in_sales,
        rules.counts_as_purchase,
        row_number() over (
            partition by statuses.source_name, statuses.rule_status, statuses.rule_payment_status
            order by rules.priority
        ) as match_number
    from statuses
    inner join rules
        on
            rules.source_name in (statuses.source_name, '*')
            and rules.order_status in (statuses.rule_status, '*')
            and rules.payment_status in (statuses.rule_payment_status, '*')
),

final as (
    select
        located.order_key,
        located.store_key,
        located.customer_key,
        located.source_name,
        located.account_id,
        located.order_id,
        located.order_number,
        located.checkout_id,
        located.currency_code,
        located.presentment_currency_code,
        located.order_status,
        located.payment_status,
        located.fulfillment_status,
        located.sales_channel,
        located.discount_codes,
        located.country_code,
        located.region,
        located.total_amount,
        located.tax_amount,
        located.shipping_amount,
        located.discount_amount,
        located.presentment_total_amount,
        located.is_tax_inclusive,
        located.is_test,
        located.is_deleted,
        -- Without a time an order has no day, and sales of no day are none.
        matched.counts_in_sales and located.placed_at is not null as counts_in_sales,
        matched.counts_as_purchase and located.placed_at is not null as has_purchase_status,
        located.order_date,
        located.placed_at,
        located.cancelled_at,
        located.updated_at
    from located
    inner join matched
        on
            located.source_name = matched.source_name
            and located.rule_status = matched.rule_status
            and located.rule_payment_status = matched.rule_payment_status
            and matched.match_number = 1
)

select * from final
