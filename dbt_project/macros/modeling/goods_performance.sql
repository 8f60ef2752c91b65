{#
    CTEs up to `performed`: what products, or categories, did on each day: seen and put into carts in
    visits, sold and given back as booked. What names no product or category has null in its place,
    so that the days add up to everything that was booked.
    item: column, product_key or category. Reads the CTEs `viewed` and `movements`, both with it.
#}
{% macro goods_performance(item) -%}
{%- set parts = ['gross', 'discount', 'return', 'net'] -%}
seen as (
    select
        store_key,
        {{ item }},
        event_date as performance_date,
        sum(view_count) as view_count,
        sum(cart_count) as cart_count,
        count(distinct case when view_count > 0 then session_key end) as view_session_count,
        count(distinct case when cart_count > 0 then session_key end) as cart_session_count
    from viewed
    group by store_key, {{ item }}, event_date
),

booked as (
    select
        store_key,
        {{ item }},
        movement_date as performance_date,
        count(distinct case when movement_type = 'order' then order_key end) as order_count,
        sum(
            case when line_type = 'goods' and movement_type != 'return' then quantity else 0 end
        ) as sold_unit_count,
        sum(
            case when line_type = 'goods' and movement_type = 'return' then -quantity else 0 end
        ) as returned_unit_count,
        {%- for part in parts %}
        sum({{ part }}_amount) as {{ part }}_amount,
        {%- endfor %}
        sum(coalesce(gross_margin_amount, 0)) as gross_margin_amount,
        sum(costed_net_amount) as costed_net_amount
    from movements
    group by store_key, {{ item }}, movement_date
),

performed as (
    select
        coalesce(seen.store_key, booked.store_key) as store_key,
        coalesce(seen.{{ item }}, booked.{{ item }}) as {{ item }},
        coalesce(seen.performance_date, booked.performance_date) as performance_date,
        {%- for count in ['view', 'cart', 'view_session', 'cart_session'] %}
        cast(coalesce(seen.{{ count }}_count, 0) as bigint) as {{ count }}_count,
        {%- endfor %}
        cast(coalesce(booked.order_count, 0) as bigint) as order_count,
        cast(coalesce(booked.sold_unit_count, 0) as numeric(18, 3)) as sold_unit_count,
        cast(coalesce(booked.returned_unit_count, 0) as numeric(18, 3)) as returned_unit_count,
        {%- for part in parts %}
        cast(coalesce(booked.{{ part }}_amount, 0) as numeric(18, 4)) as {{ part }}_amount,
        {%- endfor %}
        cast(coalesce(booked.gross_margin_amount, 0) as numeric(18, 4)) as gross_margin_amount,
        cast(coalesce(booked.costed_net_amount, 0) as numeric(18, 4)) as costed_net_amount,
        {{ safe_divide('booked.order_count', 'seen.view_session_count') }} as conversion_rate
    from seen
    full outer join booked
        on
            seen.store_key = booked.store_key
            and coalesce(seen.{{ item }}, '') = coalesce(booked.{{ item }}, '')
            and seen.performance_date = booked.performance_date
)
{%- endmacro %}
