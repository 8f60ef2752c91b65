{#
    Which of a store's event sources counts on which days. The seed store_event_sources decides; a
    store without a row there prefers its first-party source from that source's first full day on.
#}
{{ config(materialized='table') }}

with web_events as (
    select * from {{ ref('int_web_events_prepared') }}
),

store_event_sources as (
    select * from {{ ref('store_event_sources') }}
),

stores as (
    select * from {{ ref('int_stores_completed') }}
),

sources as (
    select
        store_key,
        source_name,
        case source_name
            {%- for source_name in var('event_source_preference') %}
                when '{{ source_name }}' then {{ loop.index }}
            {%- endfor %}
            else 99
        end as preference,
        min(event_date) as first_date
    from web_events
    group by store_key, source_name
),

decided as (
    select
        stores.store_key,
        store_event_sources.event_source_name as source_name,
        store_event_sources.valid_from
    from store_event_sources
    inner join stores
        on
            store_event_sources.store_source_name = stores.source_name
            and store_event_sources.store_account_id = stores.account_id
),

decided_periods as (
    select
        store_key,
        source_name,
        valid_from,
        lead(valid_from) over (partition by store_key order by valid_from) as valid_to
    from decided
),

-- The first day of a source is seldom whole, unless there is no other source before it.
default_starts as (
    select
        store_key,
        source_name,
        preference,
        case
            when first_date = min(first_date) over (partition by store_key)
                then cast('1900-01-01' as date)
            else cast({{ dbt.dateadd('day', 1, 'first_date') }} as date)
        end as valid_from
    from sources
),

default_periods as (
    select
        own.store_key,
        own.source_name,
        own.valid_from,
        min(preferred.valid_from) as valid_to
    from default_starts as own
    left join default_starts as preferred
        on
            own.store_key = preferred.store_key
            and own.preference > preferred.preference
    left join decided
        on own.store_key = decided.store_key
    where decided.store_key is null
    group by own.store_key, own.source_name, own.valid_from
),

periods as (
    select
        store_key,
        source_name,
        valid_from,
        valid_to
    from decided_periods
    union all
    select
        store_key,
        source_name,
        valid_from,
        valid_to
    from default_periods
)

select
    {{ surrogate_key(['store_key', 'source_name', 'valid_from']) }} as store_event_source_key,
    store_key,
    source_name,
    valid_from,
    coalesce(valid_to, cast('9999-12-31' as date)) as valid_to
from periods
where valid_to is null or valid_from < valid_to
