with source as (
    select * from {{ source('meta_ads', 'campaigns') }}
),

renamed as (
    select
        _account_id as account_id,
        id as campaign_id,
        name as campaign_name,
        lower(status) as status,
        lower(effective_status) as effective_status,
        lower(objective) as objective,
        lower(buying_type) as buying_type,
        cast(daily_budget as numeric(18, 4)) as daily_budget_minor_units,
        cast(lifetime_budget as numeric(18, 4)) as lifetime_budget_minor_units,
        {{ to_utc('start_time') }} as started_at,
        {{ to_utc('stop_time') }} as stopped_at,
        {{ to_utc('created_time') }} as created_at,
        {{ to_utc('updated_time') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
