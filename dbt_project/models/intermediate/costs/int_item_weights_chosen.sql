with observed as (
    select * from {{ ref('int_items_observed') }}
    where weight_kg is not null
),

ranked as (
    select
        item_key,
        weight_kg,
        row_number() over (
            partition by item_key
            order by
                observed_at desc,
                case when is_own then 0 else 1 end asc,
                source_name asc,
                item_observation_key asc
        ) as preference
    from observed
),

final as (
    select
        item_key,
        weight_kg
    from ranked
    where preference = 1
)

select * from final
