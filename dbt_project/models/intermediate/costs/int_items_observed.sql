-- What sources say of the cost and weight of what was sold, and when they said so: a store's own
-- source by the variant, a catalogue or price list beside it by the SKU.
{{ config(materialized='table') }}

with versions as (
    select * from {{ ref('int_product_variant_versions_unioned') }}
),

-- Of sources that keep no versions, what they say today.
variants as (
    select * from {{ ref('int_product_variants_unioned') }}
    where source_name not in ({{ quoted(enabled_sources('product_variant_versions')) }})
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

lines as (
    select * from {{ ref('int_order_lines_completed') }}
    where line_type = 'goods'
),

told as (
    select
        variant_version_key as observation_key,
        variant_key,
        source_name,
        account_id,
        sku,
        currency_code,
        unit_cost_amount,
        weight_kg,
        observed_at
    from versions
    where unit_cost_amount is not null or weight_kg is not null
    union all
    select
        variant_key as observation_key,
        variant_key,
        source_name,
        account_id,
        sku,
        currency_code,
        unit_cost_amount,
        weight_kg,
        updated_at as observed_at
    from variants
    where unit_cost_amount is not null or weight_kg is not null
),

located as (
    select
        told.observation_key,
        told.variant_key,
        accounts.store_key,
        told.source_name,
        told.sku,
        coalesce(told.currency_code, accounts.currency_code) as currency_code,
        told.unit_cost_amount,
        told.weight_kg,
        told.source_name = accounts.store_source_name
        and told.account_id = accounts.store_account_id as is_own,
        coalesce(told.observed_at, cast('1900-01-01' as timestamp)) as observed_at
    from told
    inner join accounts
        on
            told.source_name = accounts.source_name
            and told.account_id = accounts.account_id
),

sold as (
    select distinct
        {{ item_key('lines') }} as item_key,
        lines.store_key,
        lines.product_key,
        lines.variant_key,
        lines.sku
    from lines
),

single as (
    select product_key
    from sold
    where product_key is not null
    group by product_key
    having count(distinct item_key) = 1
),

items as (
    select
        item_key,
        store_key,
        variant_key,
        sku
    from sold
    union all
    select
        {{ product_item_key('sold') }} as item_key,
        sold.store_key,
        sold.variant_key,
        sold.sku
    from sold
    inner join single on sold.product_key = single.product_key
),

matched as (
    select
        items.item_key,
        located.observation_key
    from items
    inner join located on items.variant_key = located.variant_key
    union distinct
    select
        items.item_key,
        located.observation_key
    from items
    inner join located
        on
            items.store_key = located.store_key
            and items.sku = located.sku
    where not located.is_own or items.variant_key is null
),

final as (
    select
        {{ surrogate_key(['matched.item_key', 'matched.observation_key']) }}
            as item_observation_key,
        matched.item_key,
        located.source_name,
        located.currency_code,
        located.unit_cost_amount,
        located.weight_kg,
        located.is_own,
        located.observed_at
    from matched
    inner join located on matched.observation_key = located.observation_key
)

select * from final
