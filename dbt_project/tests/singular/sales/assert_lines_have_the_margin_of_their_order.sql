-- What an order is allotted to its lines in equals it, to the last digit.
{% set amounts = [
    ['net', 'net_to_date'], ['cost_of_goods', 'cost_to_date'], ['gross_margin', 'gross_margin'],
    ['payment_fee', 'payment_fee'], ['fulfillment_cost', 'fulfillment_cost'],
    ['shipping_cost', 'shipping_cost'], ['shipping_charged', 'shipping_charged'],
    ['contribution_margin', 'contribution_margin']
] %}

with lines as (
    select
        order_key,
        {%- for _, amount in amounts %}
            case when count(*) = count({{ amount }}_amount) then sum({{ amount }}_amount) end
                as {{ amount }}_amount
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('fct_order_lines') }}
    group by order_key
),

final as (
    select orders.order_key
    from {{ ref('fct_orders') }} as orders
    inner join lines on orders.order_key = lines.order_key
    where
        {%- for whole, part in amounts %}
            {% if not loop.first %}or {% endif -%}
            coalesce(orders.{{ whole }}_amount, -9999999999)
            != coalesce(lines.{{ part }}_amount, -9999999999)
        {%- endfor %}
)

select * from final
