{#
    From which day to which a person may be sent e-mail: what the last word of any source was by the
    day's end. Words are sign-ups, and unsubscribes and complaints, and what an account says: an
    account without observed versions has said from its first day on what it says now. Where nothing
    was ever said there is no consent.
#}
{{ config(materialized='table') }}

with email_events as (
    select * from {{ ref('int_email_events_attached') }}
    where channel = 'email' and customer_key is not null
),

versions as (
    select * from {{ ref('dim_customers_history') }}
    where accepts_email_marketing is not null
),

customers as (
    select * from {{ ref('int_customers_unioned') }}
    where accepts_email_marketing is not null and created_at is not null
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

observed as (
    select distinct source_customer_key
    from versions
),

stated as (
    select
        customer_key,
        source_name,
        account_id,
        accepts_email_marketing as is_given,
        valid_from as said_at
    from versions
    union all
    select
        identifiers.customer_key,
        customers.source_name,
        customers.account_id,
        customers.accepts_email_marketing as is_given,
        customers.created_at as said_at
    from customers
    inner join identifiers on customers.source_customer_key = identifiers.identifier_key
    left join observed on customers.source_customer_key = observed.source_customer_key
    where observed.source_customer_key is null
),

words as (
    select
        customer_key,
        store_key,
        event_type = 'subscribed' as is_given,
        event_date as said_date,
        occurred_at as said_at
    from email_events
    where event_type in ('subscribed', 'unsubscribed', 'complained')
    union all
    select
        stated.customer_key,
        coalesce(accounts.store_key, 'unassigned') as store_key,
        stated.is_given,
        {{ local_date('stated.said_at', "coalesce(accounts.timezone, 'UTC')") }} as said_date,
        stated.said_at
    from stated
    left join accounts
        on
            stated.source_name = accounts.source_name
            and stated.account_id = accounts.account_id
),

-- Of two words at one time the no stands.
followed as (
    select
        customer_key,
        store_key,
        is_given,
        said_date,
        said_at,
        lead(said_date) over (
            partition by customer_key
            order by said_at, case when is_given then 0 else 1 end, store_key
        ) as next_date
    from words
)

select
    {{ surrogate_key(['customer_key', 'said_date']) }} as email_consent_key,
    customer_key,
    min(store_key) as store_key,
    said_date as start_date,
    max(next_date) as end_date
from followed
where is_given and (next_date is null or said_date < next_date)
group by customer_key, said_date
