-- What the rules say of picking and carriage. Nothing is sent of an order without goods, of one
-- that is carried home from the counter, and of one that was cancelled before a parcel left: that
-- costs nothing, whatever the rules say.
{% set cost_types = ['fulfillment', 'shipping'] %}

with orders as (
    select * from {{ ref('int_orders_identified') }}
),

lines as (
    select * from {{ ref('int_order_lines_completed') }}
    where line_type = 'goods' and quantity > 0
),

weights as (
    select * from {{ ref('int_item_weights_chosen') }}
),

fulfillments as (
    select * from {{ ref('int_fulfillments_unioned') }}
),

rules as (
    select * from {{ ref('int_cost_rules_bounded') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_filled') }}
),

shipped as (
    select distinct order_key
    from fulfillments
),

weighed as (
    select
        lines.order_key,
        {{ money_multiply('weights.weight_kg', 'lines.quantity') }} as weight_kg
    from lines
    left join weights on {{ item_key('lines') }} = weights.item_key
),

goods as (
    select
        order_key,
        count(*) as line_count,
        case when count(*) = count(weight_kg) then sum(weight_kg) end as weight_kg
    from weighed
    group by order_key
),

sent as (
    select
        orders.order_key,
        orders.store_key,
        goods.line_count,
        goods.weight_kg,
        goods.order_key is not null
        and coalesce(orders.sales_channel, '') != 'pos'
        and (orders.cancelled_at is null or shipped.order_key is not null) as is_sent,
        orders.order_date
    from orders
    left join goods on orders.order_key = goods.order_key
    left join shipped on orders.order_key = shipped.order_key
),

ruled as (
    select
        sent.order_key,
        rules.cost_type,
        {{ money_multiply(
            'rules.order_amount'
            ~ ' + ' ~ money_multiply('rules.line_amount', 'sent.line_count')
            ~ ' + case when rules.kg_amount = 0 then 0 else '
            ~ money_multiply('rules.kg_amount', 'sent.weight_kg') ~ ' end',
            'fx_rates.rate'
        ) }} as amount
    from sent
    inner join rules
        on
            sent.store_key = rules.store_key
            and rules.cost_type != 'payment_fee'
            and rules.gateway = '*'
            and sent.order_date >= rules.valid_from
            and (rules.valid_to is null or sent.order_date < rules.valid_to)
    left join fx_rates
        on
            rules.currency_code = fx_rates.currency_code
            and sent.order_date = fx_rates.rate_date
    where sent.is_sent
),

summed as (
    select
        order_key,
        {%- for cost_type in cost_types %}
            max(case when cost_type = '{{ cost_type }}' then amount end) as {{ cost_type }}_amount
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from ruled
    group by order_key
),

final as (
    select
        sent.order_key,
        {%- for cost_type in cost_types %}
            cast(
                case when sent.is_sent then summed.{{ cost_type }}_amount else 0 end
                as numeric(18, 4)
            ) as {{ cost_type }}_amount
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from sent
    left join summed on sent.order_key = summed.order_key
)

select * from final
