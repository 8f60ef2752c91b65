with daily as (
    select * from {{ ref('fct_message_campaigns_daily') }}
    where campaign_key is not null
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

{{ message_totals(['campaign_key']) }},

final as (
    select
        totalled.campaign_key,
        totalled.store_key,
        campaigns.channel_key,
        campaigns.source_name,
        campaigns.campaign_name,
        campaigns.campaign_type,
        campaigns.flow_purpose,
        {{ message_figures() }}
    from totalled
    inner join campaigns on totalled.campaign_key = campaigns.campaign_key
)

select * from final
