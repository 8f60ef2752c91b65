{#
    A model: the pairs of one level, each read in both directions, with the measures of the rule "who
    has the item in the basket has the other item too". They are made as the textbooks have them: of
    shares of all baskets, in doubles.
    pairs: relation of the pairs that are kept, tested.
    level: product or category, which also names the counts.
    item: name of the column that tells an item.
#}
{% macro item_affinities(pairs, level, item) -%}
with pairs as (
    select * from {{ pairs }}
    where item_level = '{{ level }}'
),

directed as (
    select
        store_key,
        first_item_key as item_key,
        second_item_key as other_item_key,
        pair_count,
        first_count as item_count,
        second_count as other_item_count,
        basket_count,
        p_value,
        adjusted_p_value
    from pairs
    union all
    select
        store_key,
        second_item_key as item_key,
        first_item_key as other_item_key,
        pair_count,
        second_count as item_count,
        first_count as other_item_count,
        basket_count,
        p_value,
        adjusted_p_value
    from pairs
),

shares as (
    select
        directed.*,
        {{ safe_divide('pair_count', 'basket_count') }} as support,
        {{ safe_divide('item_count', 'basket_count') }} as item_support,
        {{ safe_divide('other_item_count', 'basket_count') }} as other_item_support,
        {{ safe_divide('pair_count', 'item_count') }} as confidence
    from directed
),

measured as (
    select
        store_key,
        item_key,
        other_item_key,
        pair_count,
        item_count,
        other_item_count,
        basket_count,
        support,
        confidence,
        {{ safe_divide('confidence', 'other_item_support') }} as lift,
        support - item_support * other_item_support as leverage,
        {{ safe_divide('1 - other_item_support', '1 - confidence') }} as conviction,
        p_value,
        adjusted_p_value
    from shares
),

final as (
    select
        {{ surrogate_key(['store_key', 'item_key', 'other_item_key']) }}
            as {{ level }}_affinity_key,
        store_key,
        item_key as {{ item }},
        other_item_key as other_{{ item }},
        cast(basket_count as bigint) as basket_count,
        cast(item_count as bigint) as {{ level }}_basket_count,
        cast(other_item_count as bigint) as other_{{ level }}_basket_count,
        cast(pair_count as bigint) as pair_basket_count,
        support,
        confidence,
        lift,
        leverage,
        conviction,
        p_value,
        adjusted_p_value
    from measured
)

select * from final
{%- endmacro %}
