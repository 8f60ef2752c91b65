with source as (
    select * from {{ source('tiktok_ads', 'ad_groups') }}
),

renamed as (
    select
        _account_id as account_id,
        adgroup_id as ad_group_id,
        campaign_id,
        adgroup_name as ad_group_name,
        lower(operation_status) as status,
        lower(secondary_status) as effective_status,
        lower(optimization_goal) as optimization_goal,
        lower(billing_event) as billing_event,
        lower(budget_mode) as budget_mode,
        cast(budget as numeric(18, 4)) as budget_amount,
        {{ to_utc('schedule_start_time') }} as started_at,
        {{ to_utc('schedule_end_time') }} as stopped_at,
        {{ to_utc('create_time') }} as created_at,
        {{ to_utc('modify_time') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
