-- A source may state discount and tax for the order only: what the lines do not say is the order's
-- less what they say.
{{ config(materialized='table') }}

with lines as (
    select * from {{ ref('int_order_lines_written') }}
),

stated_discounts as (
    select
        order_key,
        order_line_key,
        order_discount_amount as whole,
        discount_amount as part,
        case when line_type = 'goods' and gross_amount > 0 then gross_amount else 0 end as weight
    from lines
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
        coalesce(discounts.amount, 0) as discount_amount,
        lines.gross_amount - coalesce(discounts.amount, 0) as paid_amount,
        lines.tax_amount,
        lines.unit_cost_amount,
        lines.order_tax_amount,
        lines.is_tax_inclusive,
        lines.is_generated,
        lines.delivered_at
    from lines
    inner join discounts on lines.order_line_key = discounts.order_line_key
),

stated_taxes as (
    select
        order_key,
        order_line_key,
        order_tax_amount as whole,
        tax_amount as part,
        case
            when line_type in ('goods', 'shipping', 'fee') and paid_amount > 0 then paid_amount
            else 0
        end as weight
    from discounted
),

taxes as (
    {{ allocate_rest('stated_taxes') }}
),

-- Sales are without tax. Gross is rounded to cents, the discount takes what that leaves over.
untaxed as (
    select
        discounted.order_line_key,
        discounted.paid_amount
        - case when discounted.is_tax_inclusive then coalesce(taxes.amount, 0) else 0 end
            as net_amount,
        coalesce(taxes.amount, 0) as tax_amount
    from discounted
    inner join taxes on discounted.order_line_key = taxes.order_line_key
),

grossed as (
    select
        discounted.order_line_key,
        case
            when discounted.is_tax_inclusive and discounted.discount_amount != 0
                then coalesce(
                    round(
                        {{ money_share(
                            'discounted.gross_amount',
                            'untaxed.net_amount',
                            'discounted.paid_amount',
                        ) }},
                        2
                    ),
                    discounted.gross_amount
                )
            when discounted.is_tax_inclusive then untaxed.net_amount
            else discounted.gross_amount
        end as gross_amount
    from discounted
    inner join untaxed on discounted.order_line_key = untaxed.order_line_key
),

final as (
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
        cast(grossed.gross_amount as numeric(18, 4)) as gross_amount,
        cast(grossed.gross_amount - untaxed.net_amount as numeric(18, 4)) as discount_amount,
        cast(untaxed.net_amount as numeric(18, 4)) as net_amount,
        cast(untaxed.tax_amount as numeric(18, 4)) as tax_amount,
        discounted.unit_cost_amount,
        discounted.is_generated,
        discounted.delivered_at
    from discounted
    inner join untaxed on discounted.order_line_key = untaxed.order_line_key
    inner join grossed on discounted.order_line_key = grossed.order_line_key
)

select * from final
