{#
    Of a purchase whose last touch that was not direct is a campaign or flow, the message of it: the
    one that the customer clicked last before the touch, or else got last.
#}
with attribution as (
    select * from {{ ref('fct_order_attribution') }}
    where attribution_model = 'last_non_direct_touch'
),

touchpoints as (
    select * from {{ ref('fct_touchpoints') }}
),

messages as (
    select * from {{ ref('fct_email_messages') }}
),

ranked as (
    select
        attribution.order_key,
        messages.template_key,
        row_number() over (
            partition by attribution.order_key
            order by
                case when messages.first_click_at <= touchpoints.touched_at then 0 else 1 end,
                case
                    when messages.first_click_at <= touchpoints.touched_at
                        then messages.first_click_at
                    else messages.sent_at
                end desc,
                messages.email_message_key asc
        ) as match_number
    from attribution
    inner join touchpoints on attribution.touch_key = touchpoints.touch_key
    inner join messages
        on
            attribution.customer_key = messages.customer_key
            and attribution.campaign_key = messages.campaign_key
            and touchpoints.touched_at >= messages.sent_at
)

select
    order_key,
    template_key
from ranked
where match_number = 1
