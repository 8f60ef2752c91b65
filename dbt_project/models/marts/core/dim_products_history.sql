with versions as (
    select * from {{ ref('int_product_versions_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

compared as (
    select
        versions.*,
        {{ surrogate_key(['product_name', 'brand', 'product_type', 'category', 'status']) }}
            as state_hash
    from versions
),

flagged as (
    select
        compared.*,
        lag(compared.state_hash) over (
            partition by compared.product_key
            order by compared.observed_at asc, compared.product_version_key asc
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
            partition by changed.product_key
            order by changed.observed_at asc, changed.product_version_key asc
        ) as next_observed_at
    from changed
),

final as (
    select
        bounded.product_version_key,
        bounded.product_key,
        -- A catalogue's store is the one that sells its products.
        coalesce(accounts.store_key, 'unassigned') as store_key,
        bounded.product_name,
        bounded.brand,
        bounded.product_type,
        bounded.category,
        bounded.status,
        bounded.next_observed_at is null as is_current,
        bounded.observed_at as valid_from,
        bounded.next_observed_at as valid_to
    from bounded
    left join accounts
        on
            bounded.source_name = accounts.source_name
            and bounded.account_id = accounts.account_id
)

select * from final
