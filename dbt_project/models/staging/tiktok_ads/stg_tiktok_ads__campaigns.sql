with source as (
    select * from {{ source('tiktok_ads', 'campaigns') }}
),

renamed as (
    select
        _account_id as account_id,
        campaign_id,
        campaign_name,
        lower(operation_status) as status,
        lower(secondary_status) as effective_status,
        lower(objective_type) as objective,
        lower(campaign_type) as campaign_type,
        lower(budget_mode) as budget_mode,
        cast(budget as numeric(18, 4)) as budget_amount,
        {{ to_utc('create_time') }} as created_at,
        {{ to_utc('modify_time') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
