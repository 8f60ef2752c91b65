with lines as (
    select * from {{ ref('fct_order_lines') }}
),

orders as (
    select * from {{ ref('fct_sales_orders') }}
),

products as (
    select * from {{ ref('dim_products') }}
),

final as (
    select
        lines.order_line_key,
        lines.order_key,
        lines.store_key,
        lines.customer_key,
        coalesce(lines.product_key, 'none') as product_key,
        orders.channel_key,
        orders.campaign_key,
        orders.country_code,
        orders.customer_type,
        orders.rfm_segment,
        orders.archetype_id,
        case
            when lines.product_key is null then 'none'
            else coalesce(products.category, 'unknown')
        end as category,
        lines.net_to_date_amount as net_amount,
        lines.contribution_margin_amount,
        lines.fully_costed_net_amount,
        orders.order_date
    from lines
    inner join orders on lines.order_key = orders.order_key
    left join products on lines.product_key = products.product_key
)

select * from final
