-- Only messages that are old enough: of young ones more opens and clicks will come.
with messages as (
    select * from {{ ref('fct_email_messages') }}
    where not is_provisional
),

stores as (
    select * from {{ ref('dim_stores') }}
),

placed as (
    select
        messages.store_key,
        messages.channel,
        case when messages.flow_purpose is null then 'campaign' else 'flow' end as message_type,
        {{ iso_weekday('messages.sent_date') }} as iso_weekday,
        cast(
            extract(
                hour from
                {{ to_timezone('messages.sent_at', "coalesce(stores.timezone, 'UTC')") }}
            ) as integer
        ) as sent_hour,
        messages.is_delivered,
        messages.is_opened,
        messages.is_clicked,
        messages.unsubscribed_at
    from messages
    left join stores on messages.store_key = stores.store_key
),

summed as (
    select
        store_key,
        channel,
        message_type,
        iso_weekday,
        sent_hour,
        count(*) as sent_count,
        sum(case when is_delivered then 1 else 0 end) as delivered_count,
        sum(case when is_opened then 1 else 0 end) as opened_count,
        sum(case when is_clicked then 1 else 0 end) as clicked_count,
        count(unsubscribed_at) as unsubscribed_count
    from placed
    group by store_key, channel, message_type, iso_weekday, sent_hour
),

final as (
    select
        {{ surrogate_key(['store_key', 'channel', 'message_type', 'iso_weekday', 'sent_hour']) }}
            as send_time_key,
        store_key,
        channel,
        message_type,
        iso_weekday,
        sent_hour,
        cast(sent_count as bigint) as sent_count,
        cast(delivered_count as bigint) as delivered_count,
        cast(opened_count as bigint) as opened_count,
        cast(clicked_count as bigint) as clicked_count,
        cast(unsubscribed_count as bigint) as unsubscribed_count,
        {{ safe_divide('opened_count', 'delivered_count') }} as open_rate,
        {{ safe_divide('clicked_count', 'delivered_count') }} as click_rate,
        {{ safe_divide('unsubscribed_count', 'delivered_count') }} as unsubscribe_rate
    from summed
)

select * from final
