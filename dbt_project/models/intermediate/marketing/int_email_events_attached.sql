-- Each event with its store and its person.
{{ config(
    materialized='incremental',
    unique_key='email_event_key',
    post_hook="{{ forget_gone(ref('int_email_events_unioned'), 'email_event_key') }}",
) }}

with accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
),

{% if is_incremental() -%}
touched_days as (
    {{ touched_days(ref('int_email_events_unioned'), '_loaded_at') }}
),

-- Events whose account, or whose address, belongs to another by now.
moved as (
    select own.email_event_key
    from {{ this }} as own
    left join accounts
        on
            own.source_name = accounts.source_name
            and own.account_id = accounts.account_id
    left join identifiers on own.identifier_key = identifiers.identifier_key
    where
        own.store_key != coalesce(accounts.store_key, 'unassigned')
        or own.timezone != coalesce(accounts.timezone, 'UTC')
        or own.customer_key is distinct from identifiers.customer_key
),

{% endif -%}
email_events as (
    select * from {{ ref('int_email_events_unioned') }}
    {%- if is_incremental() %}
    where
        ({{ event_day() }}) in (select * from touched_days)
        or email_event_key in (select * from moved)
    {%- endif %}
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
    keyed.identifier_key,
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
    coalesce(accounts.timezone, 'UTC') as timezone,
    coalesce(keyed.is_machine, false) as is_machine,
    {{ local_date('keyed.occurred_at', "coalesce(accounts.timezone, 'UTC')") }} as event_date,
    keyed.occurred_at,
    keyed._loaded_at,
    {{ built_at() }} as _built_at
from keyed
left join accounts
    on
        keyed.source_name = accounts.source_name
        and keyed.account_id = accounts.account_id
left join identifiers on keyed.identifier_key = identifiers.identifier_key
