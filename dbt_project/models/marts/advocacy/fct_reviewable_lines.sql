{#
    Goods whose buyer has had review_days to review them. A review that names its order is of that
    order; another is of whatever its author bought of the product, and had for no longer.
#}
with order_lines as (
    select * from {{ ref('fct_order_lines') }}
    where
        line_type = 'goods'
        and counts_in_sales
        and quantity > 0
        and product_key is not null
        and delivered_at is not null
),

reviews as (
    select * from {{ ref('fct_reviews') }}
    where product_key is not null
),

products as (
    select * from {{ ref('dim_products') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

delivered as (
    select
        order_lines.*,
        products.category as product_category,
        {{ local_date('order_lines.delivered_at', 'stores.timezone') }} as delivered_date
    from order_lines
    inner join stores on order_lines.store_key = stores.store_key
    left join products on order_lines.product_key = products.product_key
),

due as (
    select
        *,
        cast({{ dbt.dateadd('day', var('review_days'), 'delivered_date') }} as date) as due_date
    from delivered
),

answered as (
    select
        due.order_line_key,
        reviews.review_date
    from due
    inner join reviews
        on
            due.product_key = reviews.product_key
            and due.order_key = reviews.order_key
    where reviews.review_date between due.delivered_date and due.due_date
    union all
    select
        due.order_line_key,
        reviews.review_date
    from due
    inner join reviews
        on
            due.product_key = reviews.product_key
            and due.customer_key = reviews.customer_key
    where
        reviews.order_key is null
        and reviews.review_date between due.delivered_date and due.due_date
),

reviewed as (
    select
        order_line_key,
        min(review_date) as review_date
    from answered
    group by order_line_key
),

final as (
    select
        due.order_line_key,
        due.order_key,
        due.store_key,
        due.customer_key,
        due.product_key,
        due.product_category,
        reviewed.review_date is not null as is_reviewed,
        due.delivered_date,
        reviewed.review_date
    from due
    left join reviewed on due.order_line_key = reviewed.order_line_key
    where due.due_date <= {{ as_of() }}
)

select * from final
