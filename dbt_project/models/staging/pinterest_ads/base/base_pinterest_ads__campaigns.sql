with source as (
    select * from {{ source('pinterest_ads', 'campaigns') }}
),

renamed as (
    select
        _account_id as account_id,
        id as campaign_id,
        {{ blank_to_null('name') }} as campaign_name,
        lower(status) as status,
        lower(summary_status) as effective_status,
        lower(objective_type) as campaign_type,
        {{ money_multiply('daily_spend_cap', '0.000001') }} as daily_budget_amount,
        {{ money_multiply('lifetime_spend_cap', '0.000001') }} as lifetime_budget_amount,
        {{ to_utc('start_time') }} as started_at,
        {{ to_utc('end_time') }} as stopped_at,
        {{ to_utc('created_time') }} as created_at,
        {{ to_utc('updated_time') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
