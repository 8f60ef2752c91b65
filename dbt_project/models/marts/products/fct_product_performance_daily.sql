{#
    Stock is what was last observed up to the day, and lasts as long as the units sold of the last
    four weeks would.
#}
with viewed as (
    select * from {{ ref('int_products_viewed_daily') }}
),

movements as (
    select * from {{ ref('fct_sales_movements') }}
    where line_type = 'goods' or net_amount != 0
),

stock as (
    select * from {{ ref('int_product_stock_spanned') }}
),

products as (
    select * from {{ ref('dim_products') }}
),

{{ goods_performance('product_key') }},

trailed as (
    select
        performed.store_key,
        performed.product_key,
        performed.performance_date,
        sum(earlier.sold_unit_count) as sold_unit_count_28d
    from performed
    inner join performed as earlier
        on
            performed.store_key = earlier.store_key
            and performed.product_key = earlier.product_key
            and performed.performance_date >= earlier.performance_date
            and performed.performance_date
            < {{ dbt.dateadd('day', 28, 'earlier.performance_date') }}
    group by performed.store_key, performed.product_key, performed.performance_date
),

final as (
    select
        {{ surrogate_key([
            'performed.store_key', 'performed.product_key', 'performed.performance_date',
        ]) }} as product_performance_key,
        performed.store_key,
        performed.product_key,
        products.category,
        performed.view_count,
        performed.cart_count,
        performed.view_session_count,
        performed.cart_session_count,
        performed.order_count,
        performed.sold_unit_count,
        performed.returned_unit_count,
        performed.gross_amount,
        performed.discount_amount,
        performed.return_amount,
        performed.net_amount,
        performed.gross_margin_amount,
        performed.costed_net_amount,
        performed.conversion_rate,
        stock.on_hand_quantity,
        cast(coalesce(trailed.sold_unit_count_28d, 0) as numeric(18, 3)) as sold_unit_count_28d,
        {{ safe_divide('28 * stock.on_hand_quantity', 'trailed.sold_unit_count_28d') }}
            as stock_cover_days,
        performed.performance_date
    from performed
    left join products on performed.product_key = products.product_key
    left join trailed
        on
            performed.store_key = trailed.store_key
            and performed.product_key = trailed.product_key
            and performed.performance_date = trailed.performance_date
    left join stock
        on
            performed.product_key = stock.product_key
            and performed.performance_date >= stock.start_date
            and (stock.end_date is null or performed.performance_date < stock.end_date)
)

select * from final
