{% set counts = [
    'sent', 'delivered', 'opened', 'clicked', 'bounced', 'unsubscribed', 'complained', 'order',
] %}

with daily as (
    select * from {{ ref('fct_message_campaigns_daily') }}
    where campaign_key is not null
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

summed as (
    select
        campaign_key,
        min(store_key) as store_key,
        {%- for count in counts %}
            sum({{ count }}_count) as {{ count }}_count,
        {%- endfor %}
        sum(net_amount) as net_amount,
        max(case when is_provisional then 1 else 0 end) as provisional,
        min(case when sent_count > 0 then result_date end) as first_sent_date,
        max(case when sent_count > 0 then result_date end) as last_sent_date
    from daily
    group by campaign_key
),

final as (
    select
        summed.campaign_key,
        summed.store_key,
        campaigns.channel_key,
        campaigns.source_name,
        campaigns.campaign_name,
        campaigns.campaign_type,
        campaigns.flow_purpose,
        {%- for count in counts %}
            cast(summed.{{ count }}_count as bigint) as {{ count }}_count,
        {%- endfor %}
        cast(summed.net_amount as numeric(18, 4)) as net_amount,
        {{ safe_divide('summed.opened_count', 'summed.delivered_count') }} as open_rate,
        {{ safe_divide('summed.clicked_count', 'summed.delivered_count') }} as click_rate,
        {{ safe_divide('summed.clicked_count', 'summed.opened_count') }} as click_to_open_rate,
        {{ safe_divide('summed.unsubscribed_count', 'summed.delivered_count') }}
            as unsubscribe_rate,
        {{ safe_divide('summed.order_count', 'summed.delivered_count') }} as order_rate,
        {{ safe_divide('summed.net_amount', 'summed.delivered_count') }}
            as net_amount_per_delivery,
        summed.provisional = 1 as is_provisional,
        summed.first_sent_date,
        summed.last_sent_date
    from summed
    inner join campaigns on summed.campaign_key = campaigns.campaign_key
)

select * from final
