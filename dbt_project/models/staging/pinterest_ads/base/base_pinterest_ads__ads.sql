with source as (
    select * from {{ source('pinterest_ads', 'ads') }}
),

renamed as (
    select
        _account_id as account_id,
        id as ad_id,
        campaign_id,
        ad_group_id,
        pin_id,
        {{ blank_to_null('name') }} as ad_name,
        lower(status) as status,
        lower(summary_status) as effective_status,
        lower(creative_type) as creative_type,
        {{ to_utc('created_time') }} as created_at,
        {{ to_utc('updated_time') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
