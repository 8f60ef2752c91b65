with versions as (
    select * from {{ ref('int_product_versions_unioned') }}
),

compared as (
    select
        versions.*,
        {{ surrogate_key(['product_name', 'brand', 'product_type', 'category', 'status']) }} as state_hash
    from versions
),

flagged as (
    select
        compared.*,
        lag(state_hash) over (
            partition by product_key order by observed_at asc, product_version_key asc
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
        lead(observed_at) over (
            partition by product_key order by observed_at asc, product_version_key asc
        ) as next_observed_at
    from changed
),

final as (
    select
        product_version_key,
        product_key,
        store_key,
        product_name,
        brand,
        product_type,
        category,
        status,
        next_observed_at is null as is_current,
        observed_at as valid_from,
        next_observed_at as valid_to
    from bounded
)

select * from final
