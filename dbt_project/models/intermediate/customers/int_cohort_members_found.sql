-- The first category is the one of which most was bought with the first purchase, by gross.
{{ config(materialized='table') }}

with customers as (
    select * from {{ ref('fct_customer_acquisitions') }}
),

lines as (
    select * from {{ ref('fct_order_lines') }}
    where line_type = 'goods' and quantity > 0
),

products as (
    select * from {{ ref('dim_products') }}
),

bought as (
    select
        customers.customer_key,
        case
            when lines.product_key is null then 'none'
            else coalesce(products.category, 'unknown')
        end as category,
        lines.gross_amount
    from customers
    inner join lines on customers.first_order_key = lines.order_key
    left join products on lines.product_key = products.product_key
),

ranked as (
    select
        customer_key,
        category,
        row_number() over (
            partition by customer_key order by sum(gross_amount) desc, category asc
        ) as category_rank
    from bought
    group by customer_key, category
),

final as (
    select
        customers.customer_key,
        customers.store_key,
        customers.channel_key,
        coalesce(ranked.category, 'none') as first_category,
        customers.first_purchase_date
    from customers
    left join ranked
        on customers.customer_key = ranked.customer_key and ranked.category_rank = 1
)

select * from final
