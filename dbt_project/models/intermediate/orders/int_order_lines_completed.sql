-- A source may state discount and tax for the order only: what the lines do not say is the order's
-- less what they say. Orders whose lines say it all, which are nearly all, take the short way.
{{ config(materialized='table') }}

with lines as (
    select * from {{ ref('int_order_lines_written') }}
),

undiscounted_orders as (
    select distinct order_key
    from lines
    where discount_amount is null and order_discount_amount != 0
),

stated_discounts as (
    select
        lines.order_key,
        lines.order_line_key,
        lines.order_discount_amount as whole,
        lines.discount_amount as part,
        case
            when lines.line_type = 'goods' and lines.gross_amount > 0 then lines.gross_amount
            else 0
        end as weight
    from lines
    inner join undiscounted_orders on lines.order_key = undiscounted_orders.order_key
),

discounts as (
    {{ allocate_rest('stated_discounts') }}
),

discounted as (
    select
        lines.order_line_key,
        lines.order_key,
        lines.store_key,
        lines.product_key,
        lines.variant_key,
        lines.line_id,
        lines.line_type,
        lines.sku,
        lines.line_name,
        lines.currency_code,
        lines.quantity,
        lines.unit_price_amount,
        lines.gross_amount,
        lines.gross_amount - coalesce(discounts.amount, lines.discount_amount, 0) as paid_amount,
        lines.tax_amount,
        lines.tax_rate,
        lines.unit_cost_amount,
        lines.order_tax_amount,
        lines.is_tax_inclusive,
        lines.is_generated,
        lines.delivered_at
    from lines
    left join discounts on lines.order_line_key = discounts.order_line_key
),

untaxed_orders as (
    select distinct order_key
    from discounted
    where tax_amount is null and order_tax_amount != 0
),

stated_taxes as (
    select
        discounted.order_key,
        discounted.order_line_key,
        discounted.order_tax_amount as whole,
        discounted.tax_amount as part,
        case
            when
                discounted.line_type in ('goods', 'shipping', 'fee')
                and discounted.paid_amount > 0
                then discounted.paid_amount
            else 0
        end as weight
    from discounted
    inner join untaxed_orders on discounted.order_key = untaxed_orders.order_key
),

taxes as (
    {{ allocate_rest('stated_taxes') }}
),

taxed as (
    select
        discounted.order_line_key,
        discounted.order_key,
        discounted.store_key,
        discounted.product_key,
        discounted.variant_key,
        discounted.line_id,
        discounted.line_type,
        discounted.sku,
        discounted.line_name,
        discounted.currency_code,
        discounted.quantity,
        discounted.unit_price_amount,
        discounted.gross_amount as written_amount,
        discounted.paid_amount,
        coalesce(taxes.amount, discounted.tax_amount, 0) as tax_amount,
        case
            when discounted.is_tax_inclusive
                then coalesce(taxes.amount, discounted.tax_amount, 0)
            else 0
        end as included_tax_amount,
        discounted.is_tax_inclusive,
        discounted.tax_rate,
        discounted.unit_cost_amount,
        discounted.is_generated,
        discounted.delivered_at
    from discounted
    left join taxes on discounted.order_line_key = taxes.order_line_key
),

-- Sales are without tax. Gross is rounded to cents, the discount takes what that leaves over. Where
-- no rate is stated, that of what was paid is taken for what was written.
untaxed as (
    select
        *,
        paid_amount - included_tax_amount as net_amount,
        case
            when written_amount = paid_amount then paid_amount - included_tax_amount
            when
                is_tax_inclusive
                and tax_rate is not null
                and (included_tax_amount != 0 or paid_amount = 0)
                then
                    written_amount
                    - {{ money_share('written_amount', 'tax_rate', '(1 + tax_rate)', digits=2) }}
            when included_tax_amount = 0 then written_amount
            else
                {{ money_share(
                    'written_amount', '(paid_amount - included_tax_amount)', 'paid_amount',
                    digits=2
                ) }}
        end as gross_amount
    from taxed
),

final as (
    select
        order_line_key,
        order_key,
        store_key,
        product_key,
        variant_key,
        line_id,
        line_type,
        sku,
        line_name,
        currency_code,
        quantity,
        unit_price_amount,
        cast(gross_amount as numeric(18, 4)) as gross_amount,
        cast(gross_amount - net_amount as numeric(18, 4)) as discount_amount,
        cast(net_amount as numeric(18, 4)) as net_amount,
        cast(tax_amount as numeric(18, 4)) as tax_amount,
        unit_cost_amount,
        is_generated,
        delivered_at
    from untaxed
)

select * from final
