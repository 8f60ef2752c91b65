with source as (
    select * from {{ source('meta_ads', 'ad_sets') }}
),

renamed as (
    select
        _account_id as account_id,
        id as ad_group_id,
        campaign_id,
        name as ad_group_name,
        lower(status) as status,
        lower(effective_status) as effective_status,
        lower(optimization_goal) as optimization_goal,
        lower(billing_event) as billing_event,
        cast(daily_budget as numeric(18, 4)) as daily_budget_minor_units,
        cast(lifetime_budget as numeric(18, 4)) as lifetime_budget_minor_units,
        {{ to_utc('start_time') }} as started_at,
        {{ to_utc('end_time') }} as stopped_at,
        {{ to_utc('created_time') }} as created_at,
        {{ to_utc('updated_time') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
