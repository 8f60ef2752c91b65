-- A fee is what the payment carries; a payment that carries none costs what the rule of its gateway
-- says, or that of all gateways where it has none. No rule, no fee: unknown, never 0.
-- Nobody charges for a gift card, it was paid for when it was bought.
with payments as (
    select * from {{ ref('int_payments_unioned') }}
    where
        payment_status = 'success'
        and not coalesce(is_test, false)
        and (
            (payment_type in ('sale', 'capture') and coalesce(gateway, '') != 'gift_card')
            or fee_amount is not null
        )
),

stores as (
    select * from {{ ref('int_stores_completed') }}
),

rules as (
    select * from {{ ref('int_cost_rules_bounded') }}
    where cost_type = 'payment_fee'
),

fx_rates as (
    select * from {{ ref('int_fx_rates_filled') }}
),

dated as (
    select
        payments.payment_key,
        payments.order_key,
        payments.store_key,
        payments.gateway,
        coalesce(payments.currency_code, stores.currency_code) as currency_code,
        payments.amount,
        payments.fee_amount,
        {{ local_date('payments.processed_at', 'stores.timezone') }} as payment_date
    from payments
    inner join stores on payments.store_key = stores.store_key
),

ruled as (
    select
        dated.payment_key,
        dated.order_key,
        dated.store_key,
        dated.currency_code,
        dated.amount,
        dated.fee_amount,
        coalesce(own_rules.currency_code, other_rules.currency_code) as rule_currency_code,
        coalesce(own_rules.percent_rate, other_rules.percent_rate) as percent_rate,
        coalesce(own_rules.order_amount, other_rules.order_amount) as order_amount,
        dated.payment_date
    from dated
    left join rules as own_rules
        on
            dated.store_key = own_rules.store_key
            and dated.gateway = own_rules.gateway
            and dated.payment_date >= own_rules.valid_from
            and (own_rules.valid_to is null or dated.payment_date < own_rules.valid_to)
    left join rules as other_rules
        on
            dated.store_key = other_rules.store_key
            and other_rules.gateway = '*'
            and dated.payment_date >= other_rules.valid_from
            and (other_rules.valid_to is null or dated.payment_date < other_rules.valid_to)
),

converted as (
    select
        ruled.payment_key,
        ruled.order_key,
        ruled.store_key,
        ruled.fee_amount is not null as is_actual,
        case
            when ruled.fee_amount is not null
                then {{ money_multiply('ruled.fee_amount', 'fx_rates.rate') }}
            else
                {{ money_multiply(
                    money_multiply('ruled.amount', 'ruled.percent_rate / 100'), 'fx_rates.rate'
                ) }}
                + {{ money_multiply('ruled.order_amount', 'rule_rates.rate') }}
        end as payment_fee_amount
    from ruled
    left join fx_rates
        on
            ruled.currency_code = fx_rates.currency_code
            and ruled.payment_date = fx_rates.rate_date
    left join fx_rates as rule_rates
        on
            ruled.rule_currency_code = rule_rates.currency_code
            and ruled.payment_date = rule_rates.rate_date
),

final as (
    select
        payment_key,
        order_key,
        store_key,
        case
            when payment_fee_amount is null then 'unknown'
            when is_actual then 'actual'
            else 'rule'
        end as payment_fee_source,
        cast(payment_fee_amount as numeric(18, 4)) as payment_fee_amount
    from converted
)

select * from final
