-- A rule holds until the next one of the same store, cost and gateway begins.
with rules as (
    select * from {{ ref('cost_rules') }}
),

stores as (
    select * from {{ ref('int_stores_completed') }}
),

final as (
    select
        {{ surrogate_key([
            'stores.store_key', 'rules.cost_type', 'rules.gateway', 'rules.valid_from'
        ]) }} as cost_rule_key,
        stores.store_key,
        rules.cost_type,
        rules.gateway,
        rules.currency_code,
        rules.percent_rate,
        rules.order_amount,
        rules.line_amount,
        rules.kg_amount,
        rules.valid_from,
        lead(rules.valid_from) over (
            partition by stores.store_key, rules.cost_type, rules.gateway
            order by rules.valid_from
        ) as valid_to
    from rules
    inner join stores
        on
            rules.store_source_name = stores.source_name
            and rules.store_account_id = stores.account_id
)

select * from final
