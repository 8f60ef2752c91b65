{#
    Two identifiers that were seen together. Of more than two in one row, all hang on the first, in
    the order account, address, number, device. A device or a number that many people use joins none.
#}
{{ config(materialized='table') }}

with mentions as (
    select * from {{ ref('int_identity_mentions') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_seen') }}
    where not is_shared
),

pairs as (
    select
        account_key as first_key,
        email_key as second_key,
        first_seen_at
    from mentions
    union all
    select
        coalesce(account_key, email_key) as first_key,
        phone_key as second_key,
        first_seen_at
    from mentions
    union all
    select
        coalesce(account_key, email_key, phone_key) as first_key,
        device_key as second_key,
        first_seen_at
    from mentions
)

select
    pairs.first_key,
    pairs.second_key,
    firsts.identifier_number as first_number,
    seconds.identifier_number as second_number,
    min(pairs.first_seen_at) as first_seen_at
from pairs
inner join identifiers as firsts on pairs.first_key = firsts.identifier_key
inner join identifiers as seconds on pairs.second_key = seconds.identifier_key
where pairs.first_key != pairs.second_key
group by
    pairs.first_key,
    pairs.second_key,
    firsts.identifier_number,
    seconds.identifier_number
