{#
    What is sent counts on the day it was sent, with all that came of it since; orders on their own
    day, where the last touch that was not direct led. Where the message of a campaign or flow is not
    known, it is null: so that the days add up.
#}
with messages as (
    select * from {{ ref('fct_email_messages') }}
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
    where campaign_type in ('campaign', 'flow')
),

attribution as (
    select * from {{ ref('fct_order_attribution') }}
    where attribution_model = 'last_non_direct_touch'
),

order_templates as (
    select * from {{ ref('int_order_templates_found') }}
),

sent as (
    select
        store_key,
        campaign_key,
        template_key,
        sent_date as result_date,
        count(*) as sent_count,
        sum(case when is_delivered then 1 else 0 end) as delivered_count,
        sum(case when is_opened then 1 else 0 end) as opened_count,
        sum(case when is_clicked then 1 else 0 end) as clicked_count,
        sum(case when is_bounced then 1 else 0 end) as bounced_count,
        count(unsubscribed_at) as unsubscribed_count,
        count(complained_at) as complained_count,
        sum(case when is_provisional then 1 else 0 end) as provisional_count
    from messages
    group by store_key, campaign_key, template_key, sent_date
),

ordered as (
    select
        attribution.store_key,
        attribution.campaign_key,
        order_templates.template_key,
        attribution.order_date as result_date,
        count(*) as order_count,
        sum(attribution.net_amount) as net_amount
    from attribution
    inner join campaigns on attribution.campaign_key = campaigns.campaign_key
    left join order_templates on attribution.order_key = order_templates.order_key
    group by
        attribution.store_key,
        attribution.campaign_key,
        order_templates.template_key,
        attribution.order_date
),

final as (
    select
        {{ surrogate_key([
            'coalesce(sent.store_key, ordered.store_key)',
            'coalesce(sent.campaign_key, ordered.campaign_key)',
            'coalesce(sent.template_key, ordered.template_key)',
            'coalesce(sent.result_date, ordered.result_date)',
        ]) }} as message_campaign_daily_key,
        coalesce(sent.store_key, ordered.store_key) as store_key,
        coalesce(sent.campaign_key, ordered.campaign_key) as campaign_key,
        coalesce(sent.template_key, ordered.template_key) as template_key,
        campaigns.campaign_type,
        campaigns.flow_purpose,
        {%- for part in [
            'sent', 'delivered', 'opened', 'clicked', 'bounced', 'unsubscribed', 'complained',
        ] %}
            cast(coalesce(sent.{{ part }}_count, 0) as bigint) as {{ part }}_count,
        {%- endfor %}
        cast(coalesce(ordered.order_count, 0) as bigint) as order_count,
        cast(coalesce(ordered.net_amount, 0) as numeric(18, 4)) as net_amount,
        coalesce(sent.provisional_count, 0) > 0 as is_provisional,
        coalesce(sent.result_date, ordered.result_date) as result_date
    from sent
    full outer join ordered
        on
            sent.store_key = ordered.store_key
            and sent.campaign_key = ordered.campaign_key
            and coalesce(sent.template_key, '') = coalesce(ordered.template_key, '')
            and sent.result_date = ordered.result_date
    left join campaigns
        on coalesce(sent.campaign_key, ordered.campaign_key) = campaigns.campaign_key
)

select * from final
