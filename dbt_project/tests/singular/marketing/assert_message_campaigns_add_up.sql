-- Every message and every purchase that a campaign or flow is said to have brought, once.
with daily as (
    select
        coalesce(sum(sent_count), 0) as sent_count,
        coalesce(sum(clicked_count), 0) as clicked_count,
        coalesce(sum(order_count), 0) as order_count,
        coalesce(sum(net_amount), 0) as net_amount
    from {{ ref('fct_message_campaigns_daily') }}
),

messages as (
    select
        count(*) as sent_count,
        count(first_click_at) as clicked_count
    from {{ ref('fct_email_messages') }}
),

attributed as (
    select
        count(*) as order_count,
        coalesce(sum(attribution.net_amount), 0) as net_amount
    from {{ ref('fct_order_attribution') }} as attribution
    inner join {{ ref('dim_campaigns') }} as campaigns
        on attribution.campaign_key = campaigns.campaign_key
    where
        attribution.attribution_model = 'last_non_direct_touch'
        and campaigns.campaign_type in ('campaign', 'flow')
)

select
    daily.sent_count,
    messages.sent_count as message_count,
    daily.order_count,
    attributed.order_count as attributed_count
from daily
cross join messages
cross join attributed
where
    daily.sent_count != messages.sent_count
    or daily.clicked_count != messages.clicked_count
    or daily.order_count != attributed.order_count
    or daily.net_amount != attributed.net_amount
