{#
    Rare items are dropped before any pair is made: what this costs follows the frequent items of a
    basket, not the items of the shop. An item or pair in a single basket is no habit, so that one
    order of 500 lines makes no pairs of its own.
#}
{{ config(materialized='table') }}

with items as (
    select * from {{ ref('int_basket_items') }}
),

baskets as (
    select
        store_key,
        item_level,
        count(distinct order_key) as basket_count
    from items
    group by store_key, item_level
),

bounds as (
    select
        store_key,
        item_level,
        basket_count,
        {{ greatest([
            var('affinity_min_support') ~ ' * basket_count', var('affinity_min_baskets') ~ '.0',
        ]) }} as least_count
    from baskets
),

counted as (
    select
        store_key,
        item_level,
        item_key,
        count(*) as item_count
    from items
    group by store_key, item_level, item_key
),

frequent as (
    select
        counted.store_key,
        counted.item_level,
        counted.item_key,
        counted.item_count,
        bounds.basket_count,
        bounds.least_count,
        row_number() over (
            order by counted.store_key, counted.item_level, counted.item_key
        ) as item_number
    from counted
    inner join bounds
        on
            counted.store_key = bounds.store_key
            and counted.item_level = bounds.item_level
            and counted.item_count >= bounds.least_count
),

frequent_items as (
    select
        items.order_key,
        items.item_level,
        frequent.item_number
    from items
    inner join frequent
        on
            items.store_key = frequent.store_key
            and items.item_level = frequent.item_level
            and items.item_key = frequent.item_key
),

pairs as (
    select
        one.item_number as first_number,
        two.item_number as second_number,
        count(*) as pair_count
    from frequent_items as one
    inner join frequent_items as two
        on
            one.order_key = two.order_key
            and one.item_level = two.item_level
            and one.item_number < two.item_number
    group by one.item_number, two.item_number
),

final as (
    select
        one.store_key,
        one.item_level,
        one.item_key as first_item_key,
        two.item_key as second_item_key,
        pairs.pair_count,
        one.item_count as first_count,
        two.item_count as second_count,
        one.basket_count
    from pairs
    inner join frequent as one on pairs.first_number = one.item_number
    inner join frequent as two on pairs.second_number = two.item_number
    where pairs.pair_count >= one.least_count
)

select * from final
