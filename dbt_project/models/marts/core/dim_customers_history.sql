with versions as (
    select * from {{ ref('int_customer_versions_unioned') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
),

{{ changed_versions(
    'versions',
    'source_customer_key',
    'customer_version_key',
    ['country_code', 'region', 'accepts_email_marketing'],
) }},

final as (
    select
        versions_bounded.customer_version_key,
        identifiers.customer_key,
        versions_bounded.source_customer_key,
        versions_bounded.source_name,
        versions_bounded.account_id,
        versions_bounded.country_code,
        versions_bounded.region,
        versions_bounded.accepts_email_marketing,
        versions_bounded.next_observed_at is null as is_current,
        versions_bounded.observed_at as valid_from,
        versions_bounded.next_observed_at as valid_to
    from versions_bounded
    inner join identifiers on versions_bounded.source_customer_key = identifiers.identifier_key
)

select * from final
