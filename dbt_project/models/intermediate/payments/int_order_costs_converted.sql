-- Costs come from bills (a file, a provider) and from the fees that payments carry. A cost that
-- nobody has billed, or of which a part cannot be converted, is unknown, never 0.
{% set costs = {
    'payment_fee': 'payment_fee_amount',
    'fulfillment': 'fulfillment_cost_amount',
    'shipping': 'shipping_cost_amount',
    'other': 'other_cost_amount',
} %}

with order_costs as (
    select * from {{ ref('int_order_costs_unioned') }}
),

payments as (
    select * from {{ ref('int_payments_unioned') }}
    where payment_status = 'success' and not coalesce(is_test, false)
),

fx_rates as (
    select * from {{ ref('int_fx_rates_filled') }}
),

stores as (
    select * from {{ ref('int_stores_completed') }}
),

billed as (
    select
        {{ surrogate_key(['stores.source_name', 'stores.account_id', 'order_costs.order_id']) }}
            as order_key,
        case
            when order_costs.cost_type in ('payment_fee', 'fulfillment', 'shipping')
                then order_costs.cost_type
            else 'other'
        end as cost_type,
        coalesce(order_costs.currency_code, stores.currency_code) as currency_code,
        order_costs.amount,
        order_costs.cost_date
    from order_costs
    inner join stores
        on
            order_costs.order_source_name = stores.source_name
            and order_costs.order_account_id = stores.account_id
    union all
    select
        payments.order_key,
        'payment_fee' as cost_type,
        coalesce(payments.currency_code, stores.currency_code) as currency_code,
        payments.fee_amount as amount,
        {{ local_date('payments.processed_at', 'stores.timezone') }} as cost_date
    from payments
    inner join stores on payments.store_key = stores.store_key
    where payments.fee_amount is not null
),

converted as (
    select
        billed.order_key,
        billed.cost_type,
        {{ money_multiply('billed.amount', 'fx_rates.rate') }} as amount
    from billed
    left join fx_rates
        on
            billed.currency_code = fx_rates.currency_code
            and billed.cost_date = fx_rates.rate_date
),

summed as (
    select
        order_key,
        cost_type,
        case when count(*) = count(amount) then sum(amount) end as amount
    from converted
    group by order_key, cost_type
),

final as (
    select
        order_key,
        {%- for cost_type, column in costs.items() %}
            cast(max(case when cost_type = '{{ cost_type }}' then amount end) as numeric(18, 4))
                as {{ column }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from summed
    group by order_key
)

select * from final
