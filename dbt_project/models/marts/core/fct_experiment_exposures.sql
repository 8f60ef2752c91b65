-- A visitor belongs to the variant seen first, whatever was shown later.
with exposures as (
    select * from {{ ref('int_experiment_exposures_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
),

attached as (
    {{ attached('exposures', at='exposed_at', day='exposure_date', email=none) }}
),

ranked as (
    select
        attached.*,
        row_number() over (
            partition by attached.store_key, attached.experiment_id, attached.visitor_key
            order by attached.exposed_at asc, attached.exposure_key asc
        ) as exposure_number,
        min(attached.variant) over (
            partition by attached.store_key, attached.experiment_id, attached.visitor_key
        ) != max(attached.variant) over (
            partition by attached.store_key, attached.experiment_id, attached.visitor_key
        ) as has_seen_others
    from attached
    where attached.visitor_key is not null
),

final as (
    select
        ranked.exposure_key,
        ranked.store_key,
        ranked.visitor_key,
        coalesce(ranked.customer_key, devices.customer_key) as customer_key,
        {{ surrogate_key(['ranked.store_key', 'ranked.experiment_id']) }} as experiment_key,
        ranked.source_name,
        ranked.account_id,
        ranked.experiment_id,
        ranked.variant,
        coalesce(ranked.has_seen_others, false) as has_seen_others,
        ranked.exposure_date,
        ranked.exposed_at
    from ranked
    left join identifiers as devices on ranked.visitor_key = devices.identifier_key
    where ranked.exposure_number = 1
)

select * from final
