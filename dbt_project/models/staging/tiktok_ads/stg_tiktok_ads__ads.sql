with source as (
    select * from {{ source('tiktok_ads', 'ads') }}
),

renamed as (
    select
        _account_id as account_id,
        ad_id,
        campaign_id,
        adgroup_id as ad_group_id,
        ad_name,
        lower(operation_status) as status,
        lower(secondary_status) as effective_status,
        {{ to_utc('create_time') }} as created_at,
        {{ to_utc('modify_time') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
