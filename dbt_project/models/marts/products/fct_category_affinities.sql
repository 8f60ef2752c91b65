with pairs as (
    select * from {{ ref('int_item_pairs_tested') }}
),

{{ item_affinities('category') }},

final as (
    select
        {{ surrogate_key(['store_key', 'item_key', 'other_item_key']) }} as category_affinity_key,
        store_key,
        item_key as category,
        other_item_key as other_category,
        cast(basket_count as bigint) as basket_count,
        cast(item_count as bigint) as category_basket_count,
        cast(other_item_count as bigint) as other_category_basket_count,
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
