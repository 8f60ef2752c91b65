{#
    Stock of a product over all its variants and places: what each observation changed, summed up.
    It lasts until something of it was observed anew.
#}
{{ config(materialized='table') }}

with inventory as (
    select * from {{ ref('fct_inventory_daily') }}
    where variant_key is not null and on_hand_quantity is not null
),

variants as (
    select * from {{ ref('dim_product_variants') }}
),

levels as (
    select
        variant_key,
        location_key,
        inventory_date,
        sum(on_hand_quantity) as on_hand_quantity
    from inventory
    group by variant_key, location_key, inventory_date
),

changes as (
    select
        variant_key,
        inventory_date,
        on_hand_quantity - coalesce(
            lag(on_hand_quantity) over (
                partition by variant_key, location_key order by inventory_date
            ),
            0
        ) as quantity_change
    from levels
),

product_changes as (
    select
        variants.product_key,
        changes.inventory_date,
        sum(changes.quantity_change) as quantity_change
    from changes
    inner join variants on changes.variant_key = variants.variant_key
    group by variants.product_key, changes.inventory_date
),

final as (
    select
        product_key,
        cast(
            sum(quantity_change) over (
                partition by product_key
                order by inventory_date rows between unbounded preceding and current row
            ) as numeric(18, 3)
        ) as on_hand_quantity,
        inventory_date as start_date,
        lead(inventory_date) over (
            partition by product_key order by inventory_date
        ) as end_date
    from product_changes
)

select * from final
