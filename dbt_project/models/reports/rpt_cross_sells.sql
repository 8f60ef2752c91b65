with affinities as (
    select * from {{ ref('fct_product_affinities') }}
    where
        lift > 1
        and adjusted_p_value <= {{ var('affinity_max_adjusted_p') }}
),

products as (
    select * from {{ ref('dim_products') }}
),

ranked as (
    select
        affinities.*,
        row_number() over (
            partition by affinities.product_key
            order by
                affinities.confidence desc,
                affinities.lift desc,
                affinities.pair_basket_count desc,
                affinities.other_product_key asc
        ) as place
    from affinities
),

final as (
    select
        ranked.product_affinity_key,
        ranked.store_key,
        ranked.product_key,
        ranked.other_product_key,
        products.product_name,
        other_products.product_name as other_product_name,
        ranked.place,
        ranked.pair_basket_count,
        ranked.confidence,
        ranked.lift,
        ranked.adjusted_p_value
    from ranked
    inner join products on ranked.product_key = products.product_key
    inner join products as other_products
        on ranked.other_product_key = other_products.product_key
    where ranked.place <= {{ var('affinity_top_count') }}
)

select * from final
