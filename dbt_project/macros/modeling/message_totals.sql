{#
    CTE `totalled`: what came of messages to date, by these columns; rates are of what was delivered.
    Reads the CTE `daily`.
#}
{% macro message_totals(keys) -%}
{%- set counts = [
    'sent', 'delivered', 'opened', 'clicked', 'bounced', 'unsubscribed', 'complained', 'order',
] -%}
summed as (
    select
        {{ keys | join(',\n        ') }},
        min(store_key) as store_key,
        {%- for count in counts %}
        cast(sum({{ count }}_count) as bigint) as {{ count }}_count,
        {%- endfor %}
        cast(sum(net_amount) as numeric(18, 4)) as net_amount,
        max(case when is_provisional then 1 else 0 end) = 1 as is_provisional,
        min(case when sent_count > 0 then result_date end) as first_sent_date,
        max(case when sent_count > 0 then result_date end) as last_sent_date
    from daily
    group by {{ keys | join(', ') }}
),

totalled as (
    select
        summed.*,
        {{ safe_divide('opened_count', 'delivered_count') }} as open_rate,
        {{ safe_divide('clicked_count', 'delivered_count') }} as click_rate,
        {{ safe_divide('clicked_count', 'opened_count') }} as click_to_open_rate,
        {{ safe_divide('unsubscribed_count', 'delivered_count') }} as unsubscribe_rate,
        {{ safe_divide('order_count', 'delivered_count') }} as order_rate,
        {{ safe_divide('net_amount', 'delivered_count') }} as net_amount_per_delivery
    from summed
)
{%- endmacro %}

{# What `totalled` says, as columns of a report. #}
{% macro message_figures() -%}
    totalled.sent_count,
        totalled.delivered_count,
        totalled.opened_count,
        totalled.clicked_count,
        totalled.bounced_count,
        totalled.unsubscribed_count,
        totalled.complained_count,
        totalled.order_count,
        totalled.net_amount,
        totalled.open_rate,
        totalled.click_rate,
        totalled.click_to_open_rate,
        totalled.unsubscribe_rate,
        totalled.order_rate,
        totalled.net_amount_per_delivery,
        totalled.is_provisional,
        totalled.first_sent_date,
        totalled.last_sent_date
{%- endmacro %}
