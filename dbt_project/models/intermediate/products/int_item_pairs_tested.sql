{#
    Whether two items are in one basket more or less often than chance would have it: Fisher's exact
    test, and its Benjamini–Hochberg adjustment over the pairs that are kept of a store and level.
#}
{{ config(materialized='table') }}

with pairs as (
    select * from {{ ref('int_item_pairs_counted') }}
),

{{ fisher_exact('pairs') }},

tested as (
    select
        pairs.*,
        {{ least(['fisher_tested.p_value', 'cast(1 as double precision)']) }} as p_value
    from pairs
    inner join fisher_tested
        on
            pairs.pair_count = fisher_tested.pair_count
            and pairs.first_count = fisher_tested.first_count
            and pairs.second_count = fisher_tested.second_count
            and pairs.basket_count = fisher_tested.basket_count
),

ranked as (
    select
        tested.*,
        row_number() over (
            partition by tested.store_key, tested.item_level
            order by tested.p_value, tested.first_item_key, tested.second_item_key
        ) as p_rank,
        count(*) over (partition by tested.store_key, tested.item_level) as test_count
    from tested
),

-- No pair is less certain than one with a larger p-value.
final as (
    select
        store_key,
        item_level,
        first_item_key,
        second_item_key,
        pair_count,
        first_count,
        second_count,
        basket_count,
        p_value,
        min({{ safe_divide('p_value * test_count', 'p_rank') }}) over (
            partition by store_key, item_level
            order by p_rank desc rows between unbounded preceding and current row
        ) as adjusted_p_value
    from ranked
)

select * from final
