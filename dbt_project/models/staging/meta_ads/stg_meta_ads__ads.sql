with source as (
    select * from {{ source('meta_ads', 'ads') }}
),

renamed as (
    select
        _account_id as account_id,
        id as ad_id,
        campaign_id,
        adset_id as ad_group_id,
        name as ad_name,
        lower(status) as status,
        lower(effective_status) as effective_status,
        {{ to_utc('created_time') }} as created_at,
        {{ to_utc('updated_time') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
