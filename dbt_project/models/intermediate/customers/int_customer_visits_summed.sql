with sessions as (
    select * from {{ ref('fct_sessions') }}
    where customer_key is not null and session_date <= {{ as_of() }}
),

messages as (
    select * from {{ ref('fct_email_messages') }}
    where customer_key is not null and sent_date <= {{ as_of() }}
),

visited as (
    select
        customer_key,
        count(*) as session_count,
        sum(product_view_count) as product_view_count,
        max(session_date) as last_session_date
    from sessions
    group by customer_key
),

written as (
    select
        customer_key,
        count(case when is_delivered then 1 end) as delivered_message_count,
        count(case when is_opened then 1 end) as opened_message_count,
        count(case when is_clicked then 1 end) as clicked_message_count,
        max(sent_date) as last_message_date,
        max(first_open_at) as last_open_at,
        max(first_click_at) as last_click_at
    from messages
    group by customer_key
),

customers as (
    select customer_key from visited
    union
    select customer_key from written
),

final as (
    select
        customers.customer_key,
        coalesce(visited.session_count, 0) as session_count,
        cast(coalesce(visited.product_view_count, 0) as bigint) as product_view_count,
        coalesce(written.delivered_message_count, 0) as delivered_message_count,
        coalesce(written.opened_message_count, 0) as opened_message_count,
        coalesce(written.clicked_message_count, 0) as clicked_message_count,
        visited.last_session_date,
        written.last_message_date,
        written.last_open_at,
        written.last_click_at
    from customers
    left join visited on customers.customer_key = visited.customer_key
    left join written on customers.customer_key = written.customer_key
)

select * from final
