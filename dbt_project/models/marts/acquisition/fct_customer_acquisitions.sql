-- Money is order-dated: a return lessens its order, of whichever day it is.
{% set windows = [30, 90, 365] %}

with customers as (
    select * from {{ ref('int_customers_acquired') }}
    where first_purchase_date <= {{ as_of() }}
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

channels as (
    select * from {{ ref('dim_channels') }}
),

movements as (
    select * from {{ ref('fct_sales_movements') }}
    where customer_key is not null and movement_date <= {{ as_of() }}
),

orders as (
    select * from {{ ref('fct_orders') }}
    where customer_key is not null and counts_in_sales and order_date <= {{ as_of() }}
),

predictions as (
    select * from {{ ref('int_customer_lifetime_values') }}
    where is_newest
),

-- What an order costs besides its goods.
order_costs as (
    select
        customer_key,
        sum(payment_fee_amount + fulfillment_cost_amount + shipping_cost_amount) as cost_amount,
        sum(case when contribution_margin_amount is null then 1 else 0 end) as unknown_count
    from orders
    group by customer_key
),

moved as (
    select
        movements.customer_key,
        movements.net_amount,
        movements.gross_margin_amount + movements.shipping_amount as margin_amount,
        case
            when
                movements.gross_margin_amount is null
                or (orders.order_key is not null and orders.contribution_margin_amount is null)
                then 0
            else movements.net_amount
        end as fully_costed_net_amount,
        coalesce(movements.order_date, movements.movement_date) as order_date
    from movements
    left join orders on movements.order_key = orders.order_key
),

earned as (
    select
        customers.customer_key,
        sum(moved.net_amount) as net_amount,
        {%- for days in windows %}
            sum(
                case
                    when
                        moved.order_date
                        <= {{ dbt.dateadd('day', days, 'customers.first_purchase_date') }}
                        then moved.net_amount
                    else 0
                end
            ) as net_{{ days }}d_amount,
        {%- endfor %}
        sum(moved.fully_costed_net_amount) as fully_costed_net_amount,
        case when count(*) = count(moved.margin_amount) then sum(moved.margin_amount)
        end as margin_amount
    from customers
    inner join moved on customers.customer_key = moved.customer_key
    group by customers.customer_key
),

final as (
    select
        customers.customer_key,
        customers.first_order_key,
        customers.store_key,
        customers.channel_key,
        customers.campaign_key,
        campaigns.ad_platform,
        customers.country_code,
        channels.is_paid as is_paid_channel,
        cast(coalesce(earned.net_amount, 0) as numeric(18, 4)) as net_amount,
        {%- for days in windows %}
            cast(
                case
                    when
                        {{ dbt.dateadd('day', days, 'customers.first_purchase_date') }}
                        <= {{ as_of() }}
                        then coalesce(earned.net_{{ days }}d_amount, 0)
                end as numeric(18, 4)
            ) as net_{{ days }}d_amount,
        {%- endfor %}
        cast(
            case
                when order_costs.unknown_count = 0
                    then earned.margin_amount - order_costs.cost_amount
            end as numeric(18, 4)
        ) as contribution_margin_amount,
        cast(coalesce(earned.fully_costed_net_amount, 0) as numeric(18, 4))
            as fully_costed_net_amount,
        predictions.probabilistic_clv_amount as predicted_clv_amount,
        customers.first_purchase_date
    from customers
    inner join channels on customers.channel_key = channels.channel_key
    left join campaigns on customers.campaign_key = campaigns.campaign_key
    left join earned on customers.customer_key = earned.customer_key
    left join order_costs on customers.customer_key = order_costs.customer_key
    left join predictions on customers.customer_key = predictions.customer_key
)

select * from final
