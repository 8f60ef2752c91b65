-- A cost of which a part cannot be converted is unknown, never the rest of it.
{% set cost_types = ['payment_fee', 'fulfillment', 'shipping', 'other'] %}

with order_costs as (
    select * from {{ ref('int_order_costs_unioned') }}
),

stores as (
    select * from {{ ref('int_stores_completed') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_filled') }}
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
        {%- for cost_type in cost_types %}
            cast(max(case when cost_type = '{{ cost_type }}' then amount end) as numeric(18, 4))
                as {{ cost_type }}_amount,
        {%- endfor %}
        {%- for cost_type in cost_types %}
            max(case when cost_type = '{{ cost_type }}' then 1 else 0 end) = 1
                as has_{{ cost_type }}_bill
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from summed
    group by order_key
)

select * from final
