with source as (
    select * from {{ source('pinterest_ads', 'ad_groups') }}
),

renamed as (
    select
        _account_id as account_id,
        id as ad_group_id,
        campaign_id,
        {{ blank_to_null('name') }} as ad_group_name,
        lower(status) as status,
        lower(summary_status) as effective_status,
        lower(budget_type) as budget_type,
        lower(billable_event) as billing_event,
        {{ money_multiply('budget_in_micro_currency', '0.000001') }} as budget_amount,
        {{ to_utc('start_time') }} as started_at,
        {{ to_utc('end_time') }} as stopped_at,
        {{ to_utc('created_time') }} as created_at,
        {{ to_utc('updated_time') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
