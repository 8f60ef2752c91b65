{#
    The last four weeks up to as_of beside the four before. A product is new for product_new_days
    from the day it was first seen, sold or listed; best are those that together bring the first half
    of a store's net sales; slow is what lies in stock for more than product_slow_days.
#}
with products as (
    select * from {{ ref('dim_products') }}
    where not is_gift_card
),

performance as (
    select * from {{ ref('fct_product_performance_daily') }}
    where product_key is not null and performance_date <= {{ as_of() }}
),

stock as (
    select * from {{ ref('int_product_stock_spanned') }}
    where start_date <= {{ as_of() }} and (end_date is null or end_date > {{ as_of() }})
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

windowed as (
    select
        performance.*,
        case
            when
                performance.performance_date > {{ dbt.dateadd('day', -28, 'as_of.as_of_date') }}
                then 1
            else 0
        end as is_now,
        case
            when
                performance.performance_date > {{ dbt.dateadd('day', -56, 'as_of.as_of_date') }}
                and performance.performance_date
                <= {{ dbt.dateadd('day', -28, 'as_of.as_of_date') }}
                then 1
            else 0
        end as is_before
    from performance
    cross join as_of
),

summed as (
    select
        product_key,
        min(performance_date) as first_date,
        max(case when sold_unit_count > 0 then performance_date end) as last_sold_date,
        sum(is_now * view_session_count) as view_session_count,
        sum(is_now * cart_session_count) as cart_session_count,
        sum(is_now * order_count) as order_count,
        sum(is_now * sold_unit_count) as sold_unit_count,
        sum(is_now * returned_unit_count) as returned_unit_count,
        sum(is_now * net_amount) as net_amount,
        sum(is_now * gross_margin_amount) as gross_margin_amount,
        sum(is_before * net_amount) as previous_net_amount
    from windowed
    group by product_key
),

ranked as (
    select
        products.product_key,
        products.store_key,
        products.product_name,
        products.category,
        summed.view_session_count,
        summed.cart_session_count,
        summed.order_count,
        summed.sold_unit_count,
        summed.returned_unit_count,
        summed.net_amount,
        summed.previous_net_amount,
        summed.gross_margin_amount,
        stock.on_hand_quantity,
        {{ least(['summed.first_date', 'cast(products.created_at as date)']) }} as first_date,
        summed.last_sold_date,
        sum(summed.net_amount) over (
            partition by products.store_key
            order by summed.net_amount desc, products.product_key asc
            rows between unbounded preceding and current row
        ) - summed.net_amount as better_net_amount,
        sum(summed.net_amount) over (partition by products.store_key) as store_net_amount
    from products
    left join summed on products.product_key = summed.product_key
    left join stock on products.product_key = stock.product_key
    where summed.product_key is not null or products.is_listed
),

final as (
    select
        ranked.product_key,
        ranked.store_key,
        ranked.product_name,
        ranked.category,
        cast(coalesce(ranked.view_session_count, 0) as bigint) as view_session_count,
        cast(coalesce(ranked.cart_session_count, 0) as bigint) as cart_session_count,
        cast(coalesce(ranked.order_count, 0) as bigint) as order_count,
        cast(coalesce(ranked.sold_unit_count, 0) as numeric(18, 3)) as sold_unit_count,
        cast(coalesce(ranked.returned_unit_count, 0) as numeric(18, 3)) as returned_unit_count,
        cast(coalesce(ranked.net_amount, 0) as numeric(18, 4)) as net_amount,
        cast(coalesce(ranked.previous_net_amount, 0) as numeric(18, 4)) as previous_net_amount,
        cast(coalesce(ranked.gross_margin_amount, 0) as numeric(18, 4)) as gross_margin_amount,
        ranked.on_hand_quantity,
        {{ safe_divide('ranked.order_count', 'ranked.view_session_count') }} as conversion_rate,
        {{ safe_divide('ranked.returned_unit_count', 'ranked.sold_unit_count') }} as return_rate,
        {{ safe_divide('28 * ranked.on_hand_quantity', 'ranked.sold_unit_count') }}
            as stock_cover_days,
        coalesce(
            ranked.first_date
            > {{ dbt.dateadd('day', -var('product_new_days'), 'as_of.as_of_date') }},
            false
        ) as is_new,
        coalesce(
            ranked.net_amount > 0 and 2 * ranked.better_net_amount < ranked.store_net_amount, false
        ) as is_best,
        coalesce(
            ranked.on_hand_quantity > 0
            and 28 * ranked.on_hand_quantity
            > {{ var('product_slow_days') }} * coalesce(ranked.sold_unit_count, 0),
            false
        ) as is_slow,
        coalesce(ranked.on_hand_quantity <= 0, false) as is_out_of_stock,
        cast(ranked.first_date as date) as first_date,
        ranked.last_sold_date
    from ranked
    cross join as_of
)

select * from final
