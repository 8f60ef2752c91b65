with viewed as (
    select * from {{ ref('int_products_viewed_daily') }}
),

products as (
    select * from {{ ref('dim_products') }}
),

movements as (
    select
        movements.*,
        products.category
    from {{ ref('fct_sales_movements') }} as movements
    left join products on movements.product_key = products.product_key
    where movements.line_type = 'goods' or movements.net_amount != 0
),

{{ goods_performance('category') }},

final as (
    select
        {{ surrogate_key(['store_key', 'category', 'performance_date']) }}
            as category_performance_key,
        store_key,
        category,
        view_count,
        cart_count,
        view_session_count,
        cart_session_count,
        order_count,
        sold_unit_count,
        returned_unit_count,
        gross_amount,
        discount_amount,
        return_amount,
        net_amount,
        gross_margin_amount,
        costed_net_amount,
        conversion_rate,
        performance_date
    from performed
)

select * from final
