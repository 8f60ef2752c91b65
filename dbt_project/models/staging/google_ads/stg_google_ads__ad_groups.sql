with source as (
    select * from {{ source('google_ads', 'ad_groups') }}
),

renamed as (
    select
        _account_id as account_id,
        ad_group__id as ad_group_id,
        campaign__id as campaign_id,
        ad_group__name as ad_group_name,
        lower(ad_group__status) as status,
        lower(ad_group__type) as ad_group_type,
        _loaded_at
    from source
)

select * from renamed
