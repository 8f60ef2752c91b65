{#
    What can name a person, numbered: those that name one person by themselves first, by age. So the
    lowest number of a component is its oldest account, address or phone number, and never a device.
#}
{{ config(materialized='table') }}

with mentions as (
    select * from {{ ref('int_identity_mentions') }}
),

named as (
    select
        account_key as identifier_key,
        'account' as identifier_type,
        email_key as person_hint_key,
        first_seen_at
    from mentions
    where account_key is not null
    union all
    select
        email_key as identifier_key,
        'email' as identifier_type,
        email_key as person_hint_key,
        first_seen_at
    from mentions
    where email_key is not null
    union all
    select
        phone_key as identifier_key,
        'phone' as identifier_type,
        email_key as person_hint_key,
        first_seen_at
    from mentions
    where phone_key is not null
    union all
    select
        device_key as identifier_key,
        'device' as identifier_type,
        coalesce(email_key, account_key) as person_hint_key,
        first_seen_at
    from mentions
    where device_key is not null
),

summed as (
    select
        identifier_key,
        identifier_type,
        count(distinct person_hint_key) as person_count,
        min(first_seen_at) as first_seen_at
    from named
    group by
        identifier_key,
        identifier_type
)

select
    identifier_key,
    identifier_type,
    row_number() over (
        order by
            case when identifier_type = 'device' then 1 else 0 end asc,
            case when first_seen_at is null then 1 else 0 end asc,
            first_seen_at asc,
            identifier_key asc
    ) as identifier_number,
    identifier_type in ('phone', 'device')
    and person_count > {{ var('shared_identifier_limit') }} as is_shared,
    first_seen_at
from summed
