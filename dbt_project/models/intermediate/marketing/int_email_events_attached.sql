-- Each event with its store and its person.
{{ config(
    materialized='incremental',
    unique_key='email_event_key',
    post_hook="{{ forget_gone_in_days(ref('int_email_events_unioned'), 'email_event_key') }}",
) }}

{#- Days that changed, and all of accounts whose store is another, or cuts its days elsewhere. -#}
{% set touched -%}
    {{ touched_days(ref('int_email_events_unioned'), '_loaded_at') }}
    union
    select distinct
        own.source_name,
        own.account_id,
        {{ utc_day('own.occurred_at') }} as touched_date
    from {{ this }} as own
    left join {{ ref('int_account_stores_resolved') }} as accounts
        on
            own.source_name = accounts.source_name
            and own.account_id = accounts.account_id
    where
        own.store_key != coalesce(accounts.store_key, 'unassigned')
        or own.timezone != coalesce(accounts.timezone, 'UTC')
{%- endset %}

with email_events as (
    select * from {{ ref('int_email_events_unioned') }}
    {%- if is_incremental() %}
    where {{ in_days(touched) }}
    {%- endif %}
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
),

located as (
    select
        keyed.email_event_key,
        keyed.email_message_key,
        coalesce(accounts.store_key, 'unassigned') as store_key,
        keyed.identifier_key,
        case
            when coalesce(keyed.flow_id, keyed.campaign_id) is not null
                then {{ surrogate_key([
                    'keyed.source_name', 'keyed.account_id',
                    'coalesce(keyed.flow_id, keyed.campaign_id)',
                ]) }}
        end as campaign_key,
        case
            when keyed.template_id is not null
                then {{ surrogate_key([
                    'keyed.source_name', 'keyed.account_id', 'keyed.template_id',
                ]) }}
        end as template_key,
        keyed.source_name,
        keyed.account_id,
        keyed.event_type,
        coalesce(keyed.channel, 'email') as channel,
        {{ url_path('keyed.click_url') }} as click_path,
        coalesce(accounts.timezone, 'UTC') as timezone,
        coalesce(keyed.is_machine, false) as is_machine,
        {{ local_date('keyed.occurred_at', "coalesce(accounts.timezone, 'UTC')") }} as event_date,
        keyed.occurred_at,
        keyed._loaded_at
    from keyed
    left join accounts
        on
            keyed.source_name = accounts.source_name
            and keyed.account_id = accounts.account_id
    {%- if is_incremental() %}
    union all
    -- Events of who turned out to be somebody else: they are as they were, but for the person.
    select
        own.email_event_key,
        own.email_message_key,
        own.store_key,
        own.identifier_key,
        own.campaign_key,
        own.template_key,
        own.source_name,
        own.account_id,
        own.event_type,
        own.channel,
        own.click_path,
        own.timezone,
        own.is_machine,
        own.event_date,
        own.occurred_at,
        own._loaded_at
    from {{ this }} as own
    left join identifiers
        on own.identifier_key = identifiers.identifier_key
    left join keyed
        on own.email_event_key = keyed.email_event_key
    where
        keyed.email_event_key is null
        and own.customer_key is distinct from identifiers.customer_key
    {%- endif %}
)

select
    located.email_event_key,
    located.email_message_key,
    located.store_key,
    located.identifier_key,
    identifiers.customer_key,
    located.campaign_key,
    located.template_key,
    located.source_name,
    located.account_id,
    located.event_type,
    located.channel,
    located.click_path,
    located.timezone,
    located.is_machine,
    located.event_date,
    located.occurred_at,
    located._loaded_at,
    {{ built_at() }} as _built_at
from located
left join identifiers on located.identifier_key = identifiers.identifier_key
