with versions as (
    select * from {{ ref('int_customer_versions_unioned') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
),

compared as (
    select
        versions.*,
        {{ surrogate_key(['country_code', 'region', 'accepts_email_marketing']) }} as state_hash
    from versions
),

flagged as (
    select
        compared.*,
        lag(compared.state_hash) over (
            partition by compared.source_customer_key
            order by compared.observed_at asc, compared.customer_version_key asc
        ) as previous_hash
    from compared
),

-- What was observed again unchanged is no new version.
changed as (
    select * from flagged
    where previous_hash is null or previous_hash != state_hash
),

bounded as (
    select
        changed.*,
        lead(changed.observed_at) over (
            partition by changed.source_customer_key
            order by changed.observed_at asc, changed.customer_version_key asc
        ) as next_observed_at
    from changed
),

final as (
    select
        bounded.customer_version_key,
        identifiers.customer_key,
        bounded.source_customer_key,
        bounded.source_name,
        bounded.account_id,
        bounded.country_code,
        bounded.region,
        bounded.accepts_email_marketing,
        bounded.next_observed_at is null as is_current,
        bounded.observed_at as valid_from,
        bounded.next_observed_at as valid_to
    from bounded
    inner join identifiers on bounded.source_customer_key = identifiers.identifier_key
)

select * from final
