-- Costs come from bills (a file, a provider) and from the fees that payments carry; a cost that
-- nobody has billed is unknown, never 0.
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
        {{ surrogate_key(['order_source_name', 'order_account_id', 'order_id']) }} as order_key,
        cost_type,
        currency_code,
        amount,
        cost_date
    from order_costs
    union all
    select
        payments.order_key,
        'payment_fee' as cost_type,
        payments.currency_code,
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

final as (
    select
        order_key,
        cast(sum(case when cost_type = 'payment_fee' then amount end) as numeric(18, 4))
            as payment_fee_amount,
        cast(sum(case when cost_type = 'fulfillment' then amount end) as numeric(18, 4))
            as fulfillment_cost_amount,
        cast(sum(case when cost_type = 'shipping' then amount end) as numeric(18, 4))
            as shipping_cost_amount,
        cast(
            sum(
                case
                    when cost_type not in ('payment_fee', 'fulfillment', 'shipping') then amount
                end
            ) as numeric(18, 4)
        ) as other_cost_amount
    from converted
    group by order_key
)

select * from final
