{% set sides = ['store_amount', 'amount'] %}
{% set amounts = [
    'gross', 'discount', 'shipping', 'fee', 'other', 'tax', 'total', 'edit', 'return',
    'cancellation', 'net'
] %}

with orders as (
    select * from {{ ref('int_orders_identified') }}
),

movements as (
    select * from {{ ref('int_sales_movements') }}
),

lines as (
    select * from {{ ref('int_order_lines_completed') }}
),

purchases as (
    select * from {{ ref('int_order_purchases') }}
),

margins as (
    select * from {{ ref('int_order_margins') }}
),

sessions as (
    select * from {{ ref('int_orders_sessionized') }}
),

booked as (
    select
        order_key,
        {%- for side in sides %}
            {%- for part in ['gross', 'discount', 'shipping', 'fee', 'tax', 'total'] %}
                sum(case when movement_type = 'order' then {{ part }}_{{ side }} else 0 end)
                    as {{ part }}_{{ side }},
            {%- endfor %}
            sum(
                case
                    when movement_type = 'order'
                        then
                            gift_card_{{ side }} + tip_{{ side }} + manual_{{ side }}
                            + sample_{{ side }}
                    else 0
                end
            ) as other_{{ side }},
            sum(case when movement_type = 'edit' then net_{{ side }} else 0 end) as edit_{{ side }},
            sum(
                case when movement_type in ('return', 'adjustment') then -net_{{ side }} else 0 end
            ) as return_{{ side }},
            sum(case when movement_type = 'cancellation' then -net_{{ side }} else 0 end)
                as cancellation_{{ side }},
            sum(net_{{ side }}) as net_{{ side }},
        {%- endfor %}
        sum(
            case
                when movement_type = 'order' and line_type = 'goods' and quantity > 0 then quantity
                else 0
            end
        ) as unit_count
    from movements
    where order_key is not null
    group by order_key
),

goods as (
    select
        order_key,
        count(*) as line_count
    from lines
    where line_type = 'goods'
    group by order_key
),

customers as (
    select
        orders.customer_key,
        min(orders.order_date) as first_purchase_date
    from orders
    inner join purchases on orders.order_key = purchases.order_key
    where orders.customer_key is not null
    group by orders.customer_key
),

final as (
    select
        orders.order_key,
        orders.store_key,
        orders.customer_key,
        sessions.session_key,
        orders.source_name,
        orders.order_id,
        orders.order_number,
        orders.order_status,
        orders.payment_status,
        orders.fulfillment_status,
        orders.sales_channel,
        orders.discount_codes,
        orders.country_code,
        orders.region,
        orders.currency_code,
        orders.presentment_currency_code,
        case
            when orders.customer_key is null then 'unknown'
            when orders.order_date > customers.first_purchase_date then 'returning'
            else 'new'
        end as customer_type,
        margins.cost_source,
        margins.payment_fee_source,
        margins.fulfillment_cost_source,
        margins.shipping_cost_source,
        {%- for side in sides %}
            {%- for amount in amounts %}
                cast(coalesce(booked.{{ amount }}_{{ side }}, 0) as numeric(18, 4))
                    as {{ amount }}_{{ side }},
            {%- endfor %}
        {%- endfor %}
        orders.presentment_total_amount as total_presentment_amount,
        margins.cost_of_goods_amount,
        margins.gross_margin_amount,
        margins.costed_net_amount,
        margins.cost_coverage_rate,
        margins.payment_fee_amount,
        margins.fulfillment_cost_amount,
        margins.shipping_cost_amount,
        margins.other_cost_amount,
        margins.shipping_charged_amount,
        margins.contribution_margin_amount,
        margins.fully_costed_net_amount,
        cast(coalesce(goods.line_count, 0) as bigint) as line_count,
        cast(coalesce(booked.unit_count, 0) as numeric(18, 3)) as unit_count,
        purchases.purchase_number,
        purchases.purchase_day_number,
        purchases.days_since_previous_purchase,
        orders.counts_in_sales,
        purchases.order_key is not null as counts_as_purchase,
        orders.is_test,
        orders.is_deleted,
        orders.cancelled_at is not null as is_cancelled,
        orders.order_date,
        orders.placed_at,
        orders.cancelled_at,
        orders.updated_at
    from orders
    inner join margins on orders.order_key = margins.order_key
    left join booked on orders.order_key = booked.order_key
    left join goods on orders.order_key = goods.order_key
    left join purchases on orders.order_key = purchases.order_key
    left join customers on orders.customer_key = customers.customer_key
    left join sessions on orders.order_key = sessions.order_key
)

select * from final
