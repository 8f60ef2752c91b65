{#
    How often people hear from a store in a calendar month, and what it does: those who get ten
    messages and more are one group. A person who is not known is counted in no month.
#}
with messages as (
    select * from {{ ref('fct_email_messages') }}
    where not is_provisional and is_delivered and customer_key is not null
),

dates as (
    select * from {{ ref('dim_dates') }}
),

received as (
    select
        messages.store_key,
        messages.customer_key,
        dates.month_start_date,
        count(*) as message_count,
        sum(case when messages.is_opened then 1 else 0 end) as opened_count,
        sum(case when messages.is_clicked then 1 else 0 end) as clicked_count,
        max(case when messages.unsubscribed_at is not null then 1 else 0 end) as unsubscribed
    from messages
    inner join dates on messages.sent_date = dates.date_day
    group by messages.store_key, messages.customer_key, dates.month_start_date
),

summed as (
    select
        store_key,
        month_start_date,
        {{ least(['message_count', '10']) }} as messages_a_month,
        count(*) as customer_count,
        sum(message_count) as delivered_count,
        sum(opened_count) as opened_count,
        sum(clicked_count) as clicked_count,
        sum(unsubscribed) as unsubscribed_customer_count
    from received
    group by store_key, month_start_date, {{ least(['message_count', '10']) }}
),

final as (
    select
        {{ surrogate_key(['store_key', 'month_start_date', 'messages_a_month']) }}
            as message_frequency_key,
        store_key,
        cast(messages_a_month as bigint) as messages_a_month,
        cast(customer_count as bigint) as customer_count,
        cast(delivered_count as bigint) as delivered_count,
        cast(opened_count as bigint) as opened_count,
        cast(clicked_count as bigint) as clicked_count,
        cast(unsubscribed_customer_count as bigint) as unsubscribed_customer_count,
        {{ safe_divide('opened_count', 'delivered_count') }} as open_rate,
        {{ safe_divide('clicked_count', 'delivered_count') }} as click_rate,
        {{ safe_divide('unsubscribed_customer_count', 'customer_count') }} as unsubscribe_rate,
        month_start_date
    from summed
)

select * from final
