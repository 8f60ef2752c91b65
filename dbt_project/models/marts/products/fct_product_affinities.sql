with pairs as (
    select * from {{ ref('int_item_pairs_tested') }}
),

{{ item_affinities('product') }},

final as (
    select
        {{ surrogate_key(['store_key', 'item_key', 'other_item_key']) }} as product_affinity_key,
        store_key,
        item_key as product_key,
        other_item_key as other_product_key,
        cast(basket_count as bigint) as basket_count,
        cast(item_count as bigint) as product_basket_count,
        cast(other_item_count as bigint) as other_product_basket_count,
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
