-- For each cost what somebody has billed, else what the rules say, else nothing is known.
{{ config(materialized='table') }}

with orders as (
    select * from {{ ref('int_orders_identified') }}
),

billed as (
    select * from {{ ref('int_order_costs_billed') }}
),

estimated as (
    select * from {{ ref('int_order_costs_estimated') }}
),

payment_fees as (
    select * from {{ ref('int_payment_fees_completed') }}
),

rules as (
    select * from {{ ref('int_cost_rules_bounded') }}
    where cost_type = 'payment_fee' and gateway = '*'
),

fx_rates as (
    select * from {{ ref('int_fx_rates_filled') }}
),

paying_stores as (
    select distinct store_key
    from payment_fees
),

-- A store that tells no payments at all: the rule of all gateways, on what was owed.
untold as (
    select
        orders.order_key,
        {{ money_multiply(
            money_multiply('orders.total_amount', 'rules.percent_rate / 100'), 'own_rates.rate'
        ) }}
        + {{ money_multiply('rules.order_amount', 'rule_rates.rate') }} as amount
    from orders
    inner join rules
        on
            orders.store_key = rules.store_key
            and orders.order_date >= rules.valid_from
            and (rules.valid_to is null or orders.order_date < rules.valid_to)
    left join paying_stores on orders.store_key = paying_stores.store_key
    left join fx_rates as own_rates
        on
            orders.currency_code = own_rates.currency_code
            and orders.order_date = own_rates.rate_date
    left join fx_rates as rule_rates
        on
            rules.currency_code = rule_rates.currency_code
            and orders.order_date = rule_rates.rate_date
    where paying_stores.store_key is null
),

fees as (
    select
        order_key,
        count(*) = count(payment_fee_amount) as is_known,
        max(case when payment_fee_source = 'rule' then 1 else 0 end) as has_rule,
        sum(payment_fee_amount) as amount,
        sum(case when payment_fee_source = 'actual' then payment_fee_amount else 0 end)
            as actual_amount
    from payment_fees
    where order_key is not null
    group by order_key
),

-- Bills of fees are beside those that payments carry, and in place of what rules say.
charged as (
    select
        orders.order_key,
        case
            when coalesce(billed.has_payment_fee_bill, false)
                then billed.payment_fee_amount + coalesce(fees.actual_amount, 0)
            when fees.order_key is not null then case when fees.is_known then fees.amount end
            when paying_stores.store_key is not null then 0
            else untold.amount
        end as payment_fee_amount,
        case
            when coalesce(billed.has_payment_fee_bill, false) then 'actual'
            when fees.order_key is not null
                then case when fees.has_rule = 1 then 'rule' else 'actual' end
            when paying_stores.store_key is not null then 'actual'
            else 'rule'
        end as payment_fee_source
    from orders
    left join billed on orders.order_key = billed.order_key
    left join fees on orders.order_key = fees.order_key
    left join paying_stores on orders.store_key = paying_stores.store_key
    left join untold on orders.order_key = untold.order_key
),

chosen as (
    select
        charged.order_key,
        charged.payment_fee_amount,
        charged.payment_fee_source,
        {%- for cost_type in ['fulfillment', 'shipping'] %}
            case
                when coalesce(billed.has_{{ cost_type }}_bill, false)
                    then billed.{{ cost_type }}_amount
                else estimated.{{ cost_type }}_amount
            end as {{ cost_type }}_cost_amount,
            case
                when coalesce(billed.has_{{ cost_type }}_bill, false) then 'actual'
                else 'rule'
            end as {{ cost_type }}_cost_source,
        {%- endfor %}
        billed.other_amount as other_cost_amount
    from charged
    inner join estimated on charged.order_key = estimated.order_key
    left join billed on charged.order_key = billed.order_key
),

final as (
    select
        order_key,
        {%- for cost in ['payment_fee', 'fulfillment_cost', 'shipping_cost'] %}
            case when {{ cost }}_amount is null then 'unknown' else {{ cost }}_source end
                as {{ cost }}_source,
        {%- endfor %}
        {%- for cost in ['payment_fee', 'fulfillment_cost', 'shipping_cost', 'other_cost'] %}
            cast({{ cost }}_amount as numeric(18, 4)) as {{ cost }}_amount
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from chosen
)

select * from final
