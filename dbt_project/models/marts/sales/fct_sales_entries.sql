-- Segment and archetype are those of the movement's day; those of the order's day stand beside them
-- for figures that book a movement there.
with movements as (
    select * from {{ ref('fct_sales_movements') }}
),

orders as (
    select * from {{ ref('fct_sales_orders') }}
),

products as (
    select * from {{ ref('dim_products') }}
),

segments as (
    select * from {{ ref('int_customer_groups_spanned') }}
    where group_type = 'rfm_segment'
),

archetypes as (
    select * from {{ ref('int_customer_groups_spanned') }}
    where group_type = 'archetype'
),

final as (
    select
        movements.sales_movement_key,
        movements.order_key,
        movements.store_key,
        movements.customer_key,
        coalesce(movements.product_key, 'none') as product_key,
        coalesce(orders.channel_key, 'unattributed') as channel_key,
        coalesce(orders.campaign_key, 'none') as campaign_key,
        coalesce(orders.country_code, 'unknown') as country_code,
        coalesce(orders.customer_type, 'unknown') as customer_type,
        coalesce(segments.group_name, 'none') as rfm_segment,
        coalesce(archetypes.group_name, 'none') as archetype_id,
        coalesce(orders.rfm_segment, 'none') as order_rfm_segment,
        coalesce(orders.archetype_id, 'none') as order_archetype_id,
        case
            when movements.product_key is null then 'none'
            else coalesce(products.category, 'unknown')
        end as category,
        movements.movement_type,
        movements.gross_amount,
        movements.discount_amount,
        movements.return_amount,
        movements.net_amount,
        cast(
            movements.net_amount + movements.shipping_amount + movements.fee_amount
            + movements.tax_amount as numeric(18, 4)
        ) as total_sales_amount,
        cast(
            case
                when movements.movement_type = 'order'
                    then movements.gross_amount - movements.discount_amount
                else 0
            end as numeric(18, 4)
        ) as placed_net_amount,
        movements.gross_margin_amount,
        movements.costed_net_amount,
        orders.order_date,
        movements.movement_date
    from movements
    left join orders on movements.order_key = orders.order_key
    left join products on movements.product_key = products.product_key
    left join segments
        on
            movements.customer_key = segments.customer_key
            and movements.movement_date >= segments.start_date
            and (segments.end_date is null or movements.movement_date < segments.end_date)
    left join archetypes
        on
            movements.customer_key = archetypes.customer_key
            and movements.movement_date >= archetypes.start_date
            and (archetypes.end_date is null or movements.movement_date < archetypes.end_date)
)

select * from final
