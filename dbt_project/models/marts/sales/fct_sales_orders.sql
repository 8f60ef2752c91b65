-- A day's segment and archetype are those of the newest snapshot up to it.
with orders as (
    select * from {{ ref('fct_orders') }}
    where counts_in_sales and order_date is not null
),

attribution as (
    select * from {{ ref('fct_order_attribution') }}
    where attribution_model = 'last_non_direct_touch'
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

channels as (
    select * from {{ ref('dim_channels') }}
),

segments as (
    select * from {{ ref('int_customer_groups_spanned') }}
    where group_type = 'rfm_segment'
),

archetypes as (
    select * from {{ ref('int_customer_groups_spanned') }}
    where group_type = 'archetype'
),

recovered as (
    select distinct order_key
    from {{ ref('fct_abandoned_checkouts') }}
    where is_recovered
),

final as (
    select
        orders.order_key,
        orders.store_key,
        orders.customer_key,
        coalesce(attribution.channel_key, 'unattributed') as channel_key,
        channels.is_paid as is_paid_channel,
        coalesce(attribution.campaign_key, 'none') as campaign_key,
        coalesce(campaigns.ad_platform, 'none') as ad_platform,
        coalesce(orders.country_code, 'unknown') as country_code,
        orders.customer_type,
        coalesce(segments.group_name, 'none') as rfm_segment,
        coalesce(archetypes.group_name, 'none') as archetype_id,
        cast(orders.gross_amount - orders.discount_amount as numeric(18, 4)) as placed_net_amount,
        orders.net_amount,
        cast(
            case when recovered.order_key is not null then orders.net_amount else 0 end
            as numeric(18, 4)
        ) as recovered_net_amount,
        orders.contribution_margin_amount,
        orders.unit_count,
        orders.counts_as_purchase,
        coalesce(orders.purchase_number = 1, false) as is_first_purchase,
        orders.order_date
    from orders
    left join attribution on orders.order_key = attribution.order_key
    inner join channels
        on coalesce(attribution.channel_key, 'unattributed') = channels.channel_key
    left join campaigns on attribution.campaign_key = campaigns.campaign_key
    left join segments
        on
            orders.customer_key = segments.customer_key
            and orders.order_date >= segments.start_date
            and (segments.end_date is null or orders.order_date < segments.end_date)
    left join archetypes
        on
            orders.customer_key = archetypes.customer_key
            and orders.order_date >= archetypes.start_date
            and (archetypes.end_date is null or orders.order_date < archetypes.end_date)
    left join recovered on orders.order_key = recovered.order_key
)

select * from final
