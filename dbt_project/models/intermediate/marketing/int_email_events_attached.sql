-- Each event with its store and its person.
{{ config(materialized='table') }}

with email_events as (
    select * from {{ ref('int_email_events_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
),

keyed as (
    select
        *,
        {{ identifying_key('source_customer_key', 'email') }} as identifier_key
    from email_events
)

select
    keyed.email_event_key,
    keyed.email_message_key,
    coalesce(accounts.store_key, 'unassigned') as store_key,
    identifiers.customer_key,
    case
        when coalesce(keyed.flow_id, keyed.campaign_id) is not null
            then {{ surrogate_key([
                'keyed.source_name', 'keyed.account_id', 'coalesce(keyed.flow_id, keyed.campaign_id)',
            ]) }}
    end as campaign_key,
    keyed.source_name,
    keyed.account_id,
    keyed.event_type,
    coalesce(keyed.channel, 'email') as channel,
    {{ url_path('keyed.click_url') }} as click_path,
    coalesce(keyed.is_machine, false) as is_machine,
    {{ local_date('keyed.occurred_at', "coalesce(accounts.timezone, 'UTC')") }} as event_date,
    keyed.occurred_at
from keyed
left join accounts
    on
        keyed.source_name = accounts.source_name
        and keyed.account_id = accounts.account_id
left join identifiers on keyed.identifier_key = identifiers.identifier_key
