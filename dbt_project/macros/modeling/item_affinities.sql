{#
    CTEs up to `measured`: the pairs of one level, each read in both directions, with the measures of
    the rule "who has item_key in the basket has other_item_key too". They are made as the textbooks
    have them: of shares of all baskets, in doubles.
    level: product or category. Reads the CTE `pairs`.
#}
{% macro item_affinities(level) -%}
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
    where item_level = '{{ level }}'
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
    where item_level = '{{ level }}'
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
)
{%- endmacro %}
