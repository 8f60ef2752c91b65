with daily as (
    select * from {{ ref('fct_message_campaigns_daily') }}
    where campaign_key is not null and template_key is not null
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

templates as (
    select * from {{ ref('int_email_templates_found') }}
),

{{ message_totals(['campaign_key', 'template_key']) }},

final as (
    select
        {{ surrogate_key(['totalled.campaign_key', 'totalled.template_key']) }} as message_key,
        totalled.campaign_key,
        totalled.template_key,
        totalled.store_key,
        campaigns.channel_key,
        campaigns.source_name,
        campaigns.campaign_name,
        templates.template_name,
        campaigns.campaign_type,
        campaigns.flow_purpose,
        {{ message_figures() }}
    from totalled
    inner join campaigns on totalled.campaign_key = campaigns.campaign_key
    inner join templates on totalled.template_key = templates.template_key
)

select * from final
