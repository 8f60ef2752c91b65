-- Puts every cent into one column by what it was for, and states it in both currencies: converted
-- movement by movement at the rate of its day, sums being made of converted parts.
{{ config(materialized='table') }}

{% set parts = [
    'gross', 'discount', 'return', 'shipping', 'fee', 'gift_card', 'tip', 'manual', 'sample', 'tax'
] %}

with movements as (
    select * from {{ ref('int_sales_movements_unioned') }}
),

orders as (
    select * from {{ ref('int_orders_identified') }}
),

lines as (
    select * from {{ ref('int_order_lines_completed') }}
),

stores as (
    select * from {{ ref('int_stores_completed') }}
),

customers as (
    select * from {{ ref('int_customers_resolved') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_filled') }}
),

located as (
    select
        movements.sales_movement_key,
        movements.order_key,
        movements.order_line_key,
        movements.store_key,
        coalesce(orders.customer_key, customers.customer_key) as customer_key,
        coalesce(lines.product_key, movements.product_key) as product_key,
        movements.movement_type,
        movements.line_type,
        coalesce(orders.currency_code, movements.currency_code, stores.currency_code)
            as currency_code,
        movements.quantity,
        movements.gross_amount,
        movements.discount_amount,
        movements.net_amount,
        movements.tax_amount,
        coalesce(orders.counts_in_sales, true) as counts_in_sales,
        {{ local_date('movements.happened_at', 'stores.timezone') }} as movement_date,
        orders.order_date,
        movements.happened_at
    from movements
    inner join stores on movements.store_key = stores.store_key
    left join orders on movements.order_key = orders.order_key
    left join lines on movements.order_line_key = lines.order_line_key
    left join customers on movements.source_customer_key = customers.source_customer_key
),

-- The goodwill, fees kept and discrepancies of a refund belong to returns; a discount that is a
-- line of its own to discounts.
classified as (
    select
        sales_movement_key,
        order_key,
        order_line_key,
        store_key,
        customer_key,
        product_key,
        movement_type,
        line_type,
        case
            when line_type = 'adjustment' and movement_type != 'order' then 'return'
            when line_type = 'goods' and movement_type = 'return' then 'return'
            when line_type = 'goods' then 'gross'
            when line_type = 'duty' then 'fee'
            when
                line_type in ('discount', 'shipping', 'fee', 'gift_card', 'tip', 'sample')
                then line_type
            else 'manual'
        end as sales_class,
        currency_code,
        quantity,
        gross_amount,
        discount_amount,
        net_amount,
        tax_amount,
        counts_in_sales,
        movement_date,
        coalesce(order_date, movement_date) as order_date,
        happened_at
    from located
),

parted as (
    select
        *,
        case when sales_class = 'gross' then gross_amount else 0 end as gross_part,
        case
            when sales_class = 'gross' then discount_amount
            when sales_class = 'discount' then -net_amount
            else 0
        end as discount_part,
        case when sales_class = 'return' then -net_amount else 0 end as return_part,
        {%- for part in parts[3:-1] %}
            case when sales_class = '{{ part }}' then net_amount else 0 end as {{ part }}_part,
        {%- endfor %}
        tax_amount as tax_part
    from classified
),

converted as (
    select
        parted.*,
        {%- for part in parts %}
            {{ money_multiply('parted.' ~ part ~ '_part', 'fx_rates.rate') }} as {{ part }}_reported
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from parted
    left join fx_rates
        on
            parted.currency_code = fx_rates.currency_code
            and parted.movement_date = fx_rates.rate_date
),

final as (
    select
        sales_movement_key,
        order_key,
        order_line_key,
        store_key,
        customer_key,
        product_key,
        cast(movement_type as varchar) as movement_type,
        cast(line_type as varchar) as line_type,
        currency_code,
        quantity,
        {%- for part in parts %}
            cast({{ part }}_part as numeric(18, 4)) as {{ part }}_store_amount,
        {%- endfor %}
        cast(gross_part - discount_part - return_part as numeric(18, 4)) as net_store_amount,
        cast(net_amount + tax_amount as numeric(18, 4)) as total_store_amount,
        {%- for part in parts %}
            {{ part }}_reported as {{ part }}_amount,
        {%- endfor %}
        cast(gross_reported - discount_reported - return_reported as numeric(18, 4))
            as net_amount,
        cast(
            gross_reported - discount_reported - return_reported
            + shipping_reported + fee_reported + gift_card_reported + tip_reported
            + manual_reported + sample_reported + tax_reported
            as numeric(18, 4)
        ) as total_amount,
        counts_in_sales,
        order_date,
        movement_date,
        happened_at
    from converted
)

select * from final
